use serde::{Deserialize, Serialize};

/// What gave an identifier away; whoever shows it to a person finds the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clue {
    /// It tells an age over 89.
    Old,
    /// Ages over 89 are one class.
    Ages,
    /// A date says more than its year.
    Day,
    /// It follows a title.
    Title,
    /// The words before it introduce a name.
    Introduced,
    /// It follows a word for a relative.
    Relative,
    /// It is a given name.
    GivenName,
    /// The same name stands elsewhere.
    Again,
    /// It has the shape of a web address.
    WebAddress,
    /// It has the shape of an e-mail address.
    EmailAddress,
    /// It has the shape of a network address.
    NetworkAddress,
    /// It has the shape of a hardware address.
    HardwareAddress,
    /// It is an e-mail address, spoken.
    EmailSpoken,
    /// It has the shape of a telephone number.
    Telephone,
    /// It has the shape of a social security number.
    SocialSecurity,
    /// It has the shape of a vehicle's number.
    Vehicle,
    /// So long a number may be one person's alone.
    LongNumber,
    /// It speaks of a biometric trait.
    Biometric,
    /// It speaks of a picture of a person.
    Picture,
    /// It has the shape of a street address.
    Street,
    /// Of a zip code only the first three digits may stay.
    ZipCode,
    /// It has the shape of an institution's name.
    Institution,
    /// A state follows the name of a place.
    State,
    /// The words before it say that somebody lives there.
    LivesThere,
    /// The words before it say that somebody works there.
    WorksThere,
    /// A number follows the word that names it.
    Named,
}
