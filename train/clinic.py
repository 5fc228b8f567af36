"""A generator of clinical dictation and dialogue: drugs, doses, vitals, times, dates, numbers and spelled names.

Every choice comes from the given random source, so a seed reproduces the text.  Numbers are words ("eighty two"), since
the model writes words and a later, literal pass may turn them into digits.
"""

import random

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DRUGS = (
    "lisinopril metformin amlodipine atorvastatin simvastatin metoprolol omeprazole losartan albuterol gabapentin "
    "hydrochlorothiazide sertraline levothyroxine prednisone amoxicillin azithromycin ibuprofen acetaminophen aspirin "
    "warfarin furosemide insulin clopidogrel pantoprazole tramadol citalopram fluoxetine trazodone bupropion carvedilol "
    "rosuvastatin pravastatin montelukast fluticasone ciprofloxacin doxycycline cephalexin naproxen meloxicam digoxin "
    "spironolactone apixaban rivaroxaban lorazepam alprazolam zolpidem duloxetine venlafaxine escitalopram penicillin "
    "allopurinol tamsulosin finasteride famotidine ondansetron cetirizine loratadine glipizide morphine oxycodone"
).split()
SYMPTOMS = (
    "chest pain|shortness of breath|headache|nausea|vomiting|dizziness|fever|chills|a cough|a sore throat|back pain|"
    "abdominal pain|fatigue|palpitations|joint pain|numbness|tingling|blurred vision|weight loss|night sweats|diarrhea|"
    "constipation|a rash|swelling|wheezing|insomnia|heartburn|knee pain|neck pain|leg cramps|weakness|a runny nose|"
    "trouble sleeping|loss of appetite|burning with urination|ear pain|shoulder pain|hip pain|muscle aches"
).split("|")
CONDITIONS = (
    "hypertension|diabetes|type two diabetes|asthma|heart failure|atrial fibrillation|depression|anxiety|pneumonia|"
    "bronchitis|migraine|arthritis|osteoarthritis|kidney disease|anemia|hypothyroidism|reflux|high cholesterol|COPD|"
    "coronary artery disease|sinusitis|a urinary tract infection|cellulitis|gout|osteoporosis|sleep apnea|"
    "a viral infection|an ankle sprain|a rotator cuff tear|sciatica|hyperlipidemia|a stroke|allergic rhinitis"
).split("|")
PARTS = (
    "left knee|right knee|left shoulder|right shoulder|lower back|neck|left hip|right ankle|left wrist|right hand|chest|"
    "abdomen|head|left foot|right elbow|upper back|left ear|right eye|throat|left arm|right leg"
).split("|")
FIRST = (
    "John Mary James Linda Robert Susan Michael Karen David Nancy William Lisa Richard Betty Thomas Sarah Charles Anna "
    "Daniel Laura Matthew Emily Mark Helen Paul Diane George Julia Kevin Alice Brian Martha Edward Rachel Peter Carol"
).split()
LAST = (
    "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Martin Lee Thompson White Harris Clark "
    "Lewis Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips "
    "Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper Reed Bailey Bell Kumar Patel"
).split()
TESTS = (
    "a chest X ray|an EKG|an echocardiogram|a stress test|blood work|a urinalysis|an MRI|a CT scan|an ultrasound|"
    "a colonoscopy|a complete blood count|a lipid panel|a hemoglobin A one C|thyroid studies|a basic metabolic panel|"
    "a mammogram|a bone density scan|pulmonary function tests"
).split("|")
ROUTES = ["by mouth", "orally", "as needed", "with food", "at bedtime", "in the morning", "under the tongue"]
TIMES = [
    "once a day", "twice a day", "three times a day", "four times a day", "once daily", "twice daily", "every morning",
    "every evening", "every night", "every four hours", "every six hours", "every eight hours", "every twelve hours",
    "every other day", "once a week", "at bedtime", "daily", "as needed for pain", "before meals", "with meals",
]  # fmt: skip
DOSES = [2, 5, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 80, 81, 88, 100, 112, 120, 125, 150, 200, 250, 300, 325, 400]
DOSES += [500, 600, 650, 750, 800, 850, 875, 1000]
SYSTEMS = [
    "Lungs are clear to auscultation bilaterally.", "Heart has a regular rate and rhythm.",
    "The abdomen is soft and nontender.", "No edema in the lower extremities.", "Pupils are equal and reactive.",
    "Neck is supple without lymphadenopathy.", "There is no murmur.", "Skin is warm and dry.",
    "Strength is five out of five.", "Reflexes are two plus and symmetric.", "Bowel sounds are normal.",
    "The throat is clear.", "Alert and oriented times three.", "Gait is normal.", "No acute distress.",
    "There is mild tenderness to palpation.", "Range of motion is limited by pain.", "Sensation is intact.",
]  # fmt: skip
SMALLTALK = [
    "How are you feeling today?", "I am doing okay.", "What brings you in today?", "Thank you, doctor.",
    "Let me take a look.", "Does that sound good?", "Any questions for me?", "No, that is all.", "Yes, please.",
    "I have not noticed anything else.", "Let me listen to your lungs.", "Take a deep breath.", "Breathe in and out.",
    "Is there anything else?", "That is correct.", "I am sorry to hear that.", "It comes and goes.", "Yes.", "No.",
    "Not really.", "It has been getting worse.", "It is better than last week.", "Okay, that is good to hear.",
    "Does it hurt when I press here?", "How long has this been going on?", "Do you smoke?", "I quit smoking.",
]  # fmt: skip


def say_number(n: int) -> str:
    """Words of 0..=9999, British "and" left out: 1250 is "one thousand two hundred fifty"."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (" " + ONES[n % 10] if n % 10 else "")
    if n < 1000:
        return ONES[n // 100] + " hundred" + (" " + say_number(n % 100) if n % 100 else "")
    return say_number(n // 1000) + " thousand" + (" " + say_number(n % 1000) if n % 1000 else "")


def say_year(n: int) -> str:
    if 2000 <= n < 2010:
        return say_number(n)
    return say_number(n // 100) + " " + (say_number(n % 100) if n % 100 > 9 else "oh " + ONES[n % 100])


def say_time(rng: random.Random) -> str:
    hour, minute = rng.randint(1, 12), rng.choice([0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50])
    minutes = "" if minute == 0 else " oh five" if minute == 5 else " " + say_number(minute)
    return ONES[hour] + minutes + rng.choice([" in the morning", " in the afternoon", " A M", " P M", ""])


def say_date(rng: random.Random) -> str:
    day = rng.randint(1, 31)
    ordinal = ORDINALS[day - 1] if day <= 20 else "thirtieth" if day == 30 else TENS[day // 10] + " " + ORDINALS[day % 10 - 1]
    year = rng.choice(["", "", " " + say_year(rng.randint(1940, 2026)), " two thousand " + say_number(rng.randint(1, 26))])
    return f"{rng.choice(MONTHS)} {ordinal}{year}"


def span(rng: random.Random) -> str:
    n = rng.choice([2, 2, 3, 3, 4, 5, 6, 7, 8, 10, 12])
    return rng.choice([f"{ONES[n]} days", f"{ONES[n]} weeks", f"{ONES[n]} months", f"{ONES[n]} years", f"{ONES[n]} hours",
                       "a few days", "a week", "a month", "several weeks", "about a year"])  # fmt: skip


def sentence(rng: random.Random) -> str:
    """One clip's text: one to three short generated sentences."""
    count = rng.choice([1, 1, 1, 1, 2, 2, 3])
    return " ".join(rng.choices(KINDS, WEIGHTS)[0](rng) for _ in range(count))


def medication(rng: random.Random) -> str:
    drug, dose = rng.choice(DRUGS), f"{say_number(rng.choice(DOSES))} {rng.choice(['milligrams', 'milligrams', 'milligrams', 'micrograms', 'units'])}"
    often = rng.choice(TIMES)
    tail = rng.choice(["", "", f" for {rng.choice(CONDITIONS)}", f" {rng.choice(ROUTES)}", f" for {span(rng)}"])
    body = rng.choice([
        f"take {drug} {dose} {often}{tail}", f"continue {drug} {dose} {often}", f"start {drug} {dose} {often}{tail}",
        f"increase {drug} to {dose} {often}", f"decrease {drug} to {dose}", f"stop {drug}", f"hold the {drug} for {span(rng)}",
        f"he takes {drug} {often}{tail}", f"she takes {drug} {dose} {often}", f"I take {drug} {often}",
        f"I will prescribe {drug} {dose} {often}", f"{drug} {dose} {often}{tail}", f"refill {drug}",
        f"the patient is on {drug} and {rng.choice(DRUGS)}", f"she is allergic to {drug}", f"let's increase your {drug}",
        f"are you still taking the {drug}", f"{drug} was stopped because of {rng.choice(SYMPTOMS)}",
    ])  # fmt: skip
    return finish(body)


def vitals(rng: random.Random) -> str:
    high, low = rng.randint(90, 190), rng.randint(50, 110)
    return finish(rng.choice([
        f"blood pressure is {say_pressure(rng, high)} over {say_pressure(rng, low)}",
        f"blood pressure {say_pressure(rng, high)} over {say_pressure(rng, low)}",
        f"heart rate is {say_number(rng.randint(48, 130))}", f"pulse {say_number(rng.randint(48, 130))}",
        f"temperature is ninety {rng.choice(['seven', 'eight', 'nine'])} point {rng.choice(ONES[:10])}",
        f"respiratory rate is {say_number(rng.randint(10, 28))}", f"oxygen saturation is {say_number(rng.randint(86, 100))} percent on room air",
        f"weight is {say_pressure(rng, rng.randint(95, 290))} pounds", f"height is five feet {rng.choice(ONES[1:12])} inches",
        f"pain is {rng.choice(ONES[1:11])} out of ten", f"blood sugar was {say_pressure(rng, rng.randint(65, 380))}",
        f"hemoglobin A one C is {rng.choice(ONES[5:13])} point {rng.choice(ONES[:10])}",
        f"creatinine is {rng.choice(['zero', 'one', 'two'])} point {rng.choice(ONES[:10])}",
        f"potassium is {rng.choice(['three', 'four', 'five'])} point {rng.choice(ONES[:10])}",
        f"cholesterol is {say_pressure(rng, rng.randint(120, 290))}", "vital signs are stable",
    ]))  # fmt: skip


def say_pressure(rng: random.Random, n: int) -> str:
    """How clinicians say three-digit values: "one twenty five", at times "one hundred twenty five"."""
    if n < 100 or n % 100 == 0 or rng.random() < 0.3:
        return say_number(n)
    rest = n % 100
    return ONES[n // 100] + " " + (say_number(rest) if rest > 9 else "oh " + ONES[rest])


def history(rng: random.Random) -> str:
    age, who = say_number(rng.randint(18, 95)), rng.choice(["man", "woman", "male", "female"])
    one, two, ill = rng.choice(SYMPTOMS), rng.choice(SYMPTOMS), rng.choice(CONDITIONS)
    part = rng.choice(PARTS)
    return finish(rng.choice([
        f"the patient is a {age} year old {who} with {one}", f"this is a {age} year old {who} with a history of {ill}",
        f"she has had {one} for {span(rng)}", f"he reports {one} and {two}", f"the patient denies {one}",
        f"denies {one}, {two}, or {rng.choice(SYMPTOMS)}", f"no {bare(one)} or {bare(two)}", f"I have {one} for {span(rng)}",
        f"I have been having {one}", f"pain in the {part} for {span(rng)}", f"my {part} hurts", f"the pain started {span(rng)} ago",
        f"it started on {rng.choice(DAYS)}", f"do you have any {bare(one)}", f"any {bare(one)} or {bare(two)}",
        f"past medical history is significant for {ill}", f"he was diagnosed with {ill} in {say_year(rng.randint(1970, 2025))}",
        f"family history of {ill}", f"her mother had {ill}", f"she complains of {one} that is worse at night",
        f"the {part} is swollen", f"I am {age} years old", f"symptoms began {span(rng)} ago", f"the {one.removeprefix('a ')} is worse with exercise",
    ]))  # fmt: skip


def plan(rng: random.Random) -> str:
    ill, test = rng.choice(CONDITIONS), rng.choice(TESTS)
    return finish(rng.choice([
        f"follow up in {span(rng)}", f"return in {span(rng)}", f"we will order {test}", f"schedule {test}", f"I would like to get {test}",
        f"{test} was normal", f"{test} showed no changes", f"assessment, {ill}", f"impression is {ill}", f"this is consistent with {ill}",
        f"refer to {rng.choice(['cardiology', 'physical therapy', 'neurology', 'orthopedics', 'dermatology', 'psychiatry'])}",
        f"for your {ill}, continue the current medications", f"{ill} is stable", f"{ill} is well controlled", f"repeat {test} in {span(rng)}",
        "call if symptoms get worse", "go to the emergency room if you have chest pain", "drink plenty of fluids", "rest and ice",
        f"next appointment is {rng.choice(DAYS)} at {say_time(rng)}", f"follow up on {say_date(rng)}", "we discussed diet and exercise",
    ]))  # fmt: skip


def naming(rng: random.Random) -> str:
    last = rng.choice(LAST)
    return finish(rng.choice([
        f"the patient's name is {rng.choice(FIRST)} {last}", f"last name {last}, spelled {' '.join(last.upper())}",
        f"that is spelled {' '.join(last.upper())}", f"I am Doctor {last}", f"{rng.choice(['Mister', 'Miss', 'Doctor'])} {last} was seen today",
        f"date of birth {say_date(rng)}", f"the visit was on {say_date(rng)}", f"seen at {say_time(rng)}", f"hello {rng.choice(FIRST)}",
        f"room {say_number(rng.randint(1, 40))}", f"record number {' '.join(rng.choice(ONES[:10]) for _ in range(rng.randint(3, 6)))}",
        f"phone number {' '.join(rng.choice(ONES[:10]) for _ in range(7))}",
    ]))  # fmt: skip


def codes(rng: random.Random) -> str:
    """Letters and numbers in a row: record codes, spelled words, postal codes."""
    letters = " ".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=rng.randint(1, 6)))
    digits = " ".join(rng.choice(ONES[:10] + ["oh"]) for _ in range(rng.randint(2, 8)))
    pairs = " ".join(say_number(rng.randint(10, 99)) for _ in range(rng.randint(1, 3)))
    return finish(rng.choice([
        letters, digits, f"{letters} {say_number(rng.randint(0, 999))}", f"{letters} {pairs}", f"{digits} {letters}",
        f"{say_number(rng.randint(1, 9999))} {rng.choice(LAST)} {rng.choice(['Street', 'Avenue', 'Road', 'Drive'])}",
        f"{' '.join(rng.choice(LAST + FIRST).upper())}", f"record {letters} {pairs}", f"{say_date(rng)}", pairs,
    ]))  # fmt: skip


def examination(rng: random.Random) -> str:
    return rng.choice(SYSTEMS)


def conversation(rng: random.Random) -> str:
    return rng.choice(SMALLTALK)


KINDS = [medication, vitals, history, plan, naming, codes, examination, conversation]
WEIGHTS = [4, 4, 5, 4, 2, 2, 2, 1.5]


def bare(noun: str) -> str:
    return noun.removeprefix("a ").removeprefix("an ")


def finish(body: str) -> str:
    question = body.startswith(("are you", "do you", "any "))
    return body[0].upper() + body[1:] + ("?" if question else ".")
