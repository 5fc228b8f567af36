//! Seconds since 1970 as the dates of people and standards. Local time is `offset` minutes ahead of UTC.

use time::{OffsetDateTime, UtcOffset};

/// `22 Nov 2026, 14:05`
pub fn readable(seconds: u64, offset: i16) -> String {
    let at = local(seconds, offset);
    let month = &at.month().to_string()[..3];
    format!(
        "{} {month} {}, {:02}:{:02}",
        at.day(),
        at.year(),
        at.hour(),
        at.minute()
    )
}

/// FHIR `instant`: `2026-11-22T14:05:09+01:00`
pub fn instant(seconds: u64, offset: i16) -> String {
    let at = local(seconds, offset);
    let (date, time) = fields(at);
    let (sign, hours, minutes) = ahead(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
        date[0], date[1], date[2], time[0], time[1], time[2]
    )
}

/// HL7 version 3 `TS`: `20261122140509+0100`
pub fn hl7(seconds: u64, offset: i16) -> String {
    instant(seconds, offset)
        .char_indices()
        .filter(|&(at, c)| c.is_ascii_digit() || c == '+' || c == '-' && at > 10)
        .map(|(_, c)| c)
        .collect()
}

fn local(seconds: u64, offset: i16) -> OffsetDateTime {
    // One day before the end of the year 9999, so that no offset leaves the calendar.
    const LAST: u64 = 253_402_214_400;
    let seconds = i64::try_from(seconds.min(LAST)).expect("the last second fits");
    let at = OffsetDateTime::from_unix_timestamp(seconds).expect("the calendar has every second up to the last");
    // No place on Earth is further ahead or behind.
    let offset = i32::from(offset.clamp(-14 * 60, 14 * 60)) * 60;
    at.to_offset(UtcOffset::from_whole_seconds(offset).expect("fourteen hours are an offset"))
}

fn fields(at: OffsetDateTime) -> ([i32; 3], [u8; 3]) {
    (
        [at.year(), u8::from(at.month()).into(), at.day().into()],
        [at.hour(), at.minute(), at.second()],
    )
}

fn ahead(at: OffsetDateTime) -> (char, u8, u8) {
    let (hours, minutes, _) = at.offset().as_hms();
    let sign = if at.offset().is_negative() { '-' } else { '+' };
    (sign, hours.unsigned_abs(), minutes.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_in_local_time_with_its_offset() {
        let cases = [
            (
                0,
                0,
                "1 Jan 1970, 00:00",
                "1970-01-01T00:00:00+00:00",
                "19700101000000+0000",
            ),
            (
                1_795_356_309,
                -300,
                "22 Nov 2026, 09:05",
                "2026-11-22T09:05:09-05:00",
                "20261122090509-0500",
            ),
            (
                1_709_164_800,
                330,
                "29 Feb 2024, 05:30",
                "2024-02-29T05:30:00+05:30",
                "20240229053000+0530",
            ),
            (
                u64::MAX,
                i16::MAX,
                "31 Dec 9999, 14:00",
                "9999-12-31T14:00:00+14:00",
                "99991231140000+1400",
            ),
            (
                0,
                i16::MIN,
                "31 Dec 1969, 10:00",
                "1969-12-31T10:00:00-14:00",
                "19691231100000-1400",
            ),
        ];
        for (seconds, offset, person, fhir, v3) in cases {
            assert_eq!(readable(seconds, offset), person);
            assert_eq!(instant(seconds, offset), fhir);
            assert_eq!(hl7(seconds, offset), v3);
        }
    }
}
