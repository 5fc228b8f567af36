//! The lists behind the finders, in small letters.

pub static MONTHS: [&str; 23] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
];

pub static ORDINALS: [&str; 31] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
];

pub static HOLIDAYS: [&str; 12] = [
    "christmas", "christmas eve", "thanksgiving", "easter", "halloween", "new year's", "fourth of july", "labor day",
    "memorial day", "valentine's day", "mother's day", "father's day",
];

/// What makes the number before it a measurement.
pub static UNITS: [&str; 50] = [
    "mg", "mcg", "g", "kg", "ml", "l", "dl", "cc", "units", "unit", "iu", "meq", "mmol", "mm", "cm", "m", "km",
    "inches", "feet", "foot", "lb", "lbs", "pounds", "ounces", "oz", "percent", "%", "bpm", "degrees", "minutes",
    "minute", "hours", "hour", "seconds", "days", "day", "weeks", "week", "months", "month", "years", "year",
    "tablets", "tablet", "times", "puffs", "cells", "copies", "milligrams", "micrograms",
];

pub static STREETS: [&str; 24] = [
    "street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "boulevard", "blvd", "court", "ct",
    "way", "place", "pl", "terrace", "parkway", "pkwy", "highway", "hwy", "circle", "square",
];

/// Three digits that fewer than 20,000 people share (2000 census), which the rule writes as 000.
pub static SPARSE_ZIPS: [&str; 17] = [
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890",
    "893",
];

pub static STATES: [&str; 51] = [
    "alabama", "alaska", "arizona", "arkansas", "california", "colorado", "connecticut", "delaware", "florida",
    "georgia", "hawaii", "idaho", "illinois", "indiana", "iowa", "kansas", "kentucky", "louisiana", "maine",
    "maryland", "massachusetts", "michigan", "minnesota", "mississippi", "missouri", "montana", "nebraska", "nevada",
    "new hampshire", "new jersey", "new mexico", "new york", "north carolina", "north dakota", "ohio", "oklahoma",
    "oregon", "pennsylvania", "rhode island", "south carolina", "south dakota", "tennessee", "texas", "utah",
    "vermont", "virginia", "washington", "west virginia", "wisconsin", "wyoming", "puerto rico",
];

pub static STATE_CODES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC",
];

pub static COUNTRIES: [&str; 40] = [
    "mexico", "canada", "india", "china", "japan", "korea", "south korea", "vietnam", "philippines", "the philippines",
    "brazil", "colombia", "peru", "cuba", "haiti", "jamaica", "guatemala", "honduras", "el salvador", "england",
    "britain", "ireland", "scotland", "france", "germany", "italy", "spain", "poland", "russia", "ukraine", "nigeria",
    "kenya", "ghana", "ethiopia", "egypt", "pakistan", "bangladesh", "nepal", "iran", "america",
];

pub static RELATIVES: [&str; 24] = [
    "wife", "husband", "son", "daughter", "mother", "father", "mom", "dad", "brother", "sister", "partner", "spouse",
    "friend", "neighbor", "aunt", "uncle", "cousin", "grandmother", "grandfather", "grandson", "granddaughter",
    "boyfriend", "girlfriend", "caregiver",
];

/// What carries a person's name and is none.
pub static CALLED_AFTER: [&str; 42] = [
    "disease", "diseases", "syndrome", "sign", "signs", "test", "tests", "palsy", "score", "scale", "maneuver",
    "manoeuvre", "catheter", "monitor", "lymphoma", "sarcoma", "tumor", "tumour", "cyst", "contracture", "thyroiditis",
    "esophagus", "oesophagus", "criteria", "classification", "stage", "fracture", "deformity", "neuroma", "phenomenon",
    "reflex", "node", "nodes", "index", "procedure", "operation", "technique", "virus", "encephalopathy", "ataxia",
    "chorea", "anemia",
];

pub static EPONYMS: [&str; 40] = [
    "parkinson", "parkinsonism", "alzheimer", "crohn", "hodgkin", "graves", "addison", "cushing", "babinski",
    "romberg", "mcmurray", "lachman", "foley", "holter", "glasgow", "tinel", "phalen", "marfan", "lyme", "homan",
    "apgar", "epley", "dix-hallpike", "spurling", "hashimoto", "raynaud", "barrett", "dupuytren", "colles", "sjogren",
    "sjögren", "huntington", "tourette", "meniere", "ménière", "kawasaki", "paget", "finkelstein", "mcburney",
    "kernig",
];

/// Words that begin sentences or follow titles and introductions, and are no names.
pub static COMMON: [&str; 135] = [
    "a", "i", "the", "and", "or", "but", "he", "she", "they", "we", "you", "it", "his", "her", "their", "our", "my",
    "this", "that", "these", "those", "is", "was", "are", "were", "has", "had", "have", "will", "would", "can",
    "could", "should", "may", "might", "does", "did", "do", "said", "says", "told", "asked", "reports", "denies",
    "notes", "presents", "came", "comes", "in", "on", "at", "of", "for", "from", "to", "with", "by", "as", "if", "so",
    "no", "not", "yes", "okay", "well", "now", "then", "here", "there", "today", "who", "what", "when", "where", "how",
    "also", "any", "all", "some", "just", "very", "feeling", "sorry", "going", "calling", "taking", "having", "doing",
    "fine", "good", "sure", "because", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "history", "plan", "assessment", "subjective", "objective", "medications", "allergies", "exam", "results",
    "education", "instructions", "discharge", "continue", "start", "stop", "follow", "return", "please", "name",
    "patient", "see", "reviewed", "dr", "mr", "mrs", "ms", "mx", "prof", "drs", "rev", "doctor", "nurse", "professor",
    "practitioner", "assistant", "physician",
];

/// Common given names that are no words; a rarer one is found by what stands before it.
pub static GIVEN: [&str; 141] = [
    "james", "robert", "john", "michael", "david", "william", "richard", "joseph", "thomas", "christopher", "charles",
    "daniel", "matthew", "anthony", "steven", "andrew", "paul", "joshua", "kenneth", "kevin", "brian", "timothy",
    "ronald", "jason", "edward", "jeffrey", "ryan", "jacob", "nicholas", "gary", "eric", "jonathan", "stephen",
    "larry", "justin", "scott", "brandon", "benjamin", "samuel", "gregory", "alexander", "patrick", "raymond",
    "dennis", "jerry", "tyler", "aaron", "jose", "adam", "nathan", "henry", "zachary", "douglas", "peter", "kyle",
    "noah", "ethan", "jeremy", "walter", "keith", "roger", "sean", "gerald", "carl", "harold", "dylan", "arthur",
    "lawrence", "jesse", "bryan", "bruce", "gabriel", "juan", "carlos", "luis", "mary", "patricia", "jennifer",
    "linda", "elizabeth", "barbara", "susan", "jessica", "karen", "sarah", "lisa", "nancy", "sandra", "betty",
    "ashley", "emily", "kimberly", "margaret", "donna", "michelle", "amanda", "melissa", "deborah", "stephanie",
    "rebecca", "sharon", "laura", "cynthia", "amy", "kathleen", "angela", "shirley", "brenda", "emma", "anna",
    "pamela", "nicole", "samantha", "katherine", "christine", "helen", "debra", "rachel", "carolyn", "janet", "maria",
    "catherine", "diane", "olivia", "julie", "joyce", "victoria", "ruth", "lauren", "christina", "joan", "evelyn",
    "judith", "andrea", "hannah", "megan", "cheryl", "jacqueline", "martha", "teresa", "jane",
];

/// Given names that are words too, or places: a family name must follow.
pub static GIVEN_WORDS: [&str; 39] = [
    "will", "mark", "grace", "hope", "may", "april", "june", "rose", "faith", "joy", "bill", "art", "drew", "chase",
    "dawn", "iris", "sandy", "rich", "frank", "jack", "pat", "summer", "autumn", "carol", "ray", "victor", "miles",
    "max", "virginia", "jordan", "christian", "austin", "heather", "terry", "logan", "kelly", "guy", "grant", "dale",
];
