use std::fmt::Write;

use super::Row;

/// One JSON object a line: `number`, `time` (ISO 8601, UTC), `event`, `detail`, `record`, `while_locked`, `mac`.
pub fn jsonl(rows: &[Row]) -> String {
    lines(rows, "", |row| {
        let record = row.record.map_or("null".to_owned(), |id| format!("\"{id}\""));
        format!(
            "{{\"number\":{},\"time\":\"{}\",\"event\":\"{}\",\"detail\":{},\"record\":{record},\"while_locked\":{},\"mac\":\"{}\"}}\n",
            row.number,
            iso(row.time),
            row.event.name(),
            row.detail,
            row.while_locked,
            hex(&row.mac),
        )
    })
}

/// A table with a head line. No cell begins with a sign that a spreadsheet takes for a formula, and none needs quotes:
/// every value is a number, a date, a name from a closed list, or hexadecimal with a letter before it, so that no
/// spreadsheet reads `1e5` as a number.
pub fn csv(rows: &[Row]) -> String {
    lines(rows, "number,time,event,detail,record,while_locked,mac\r\n", |row| {
        format!(
            "{},{},{},{},{},{},x{}\r\n",
            row.number,
            iso(row.time),
            row.event.name(),
            row.detail,
            row.record.map_or(String::new(), |id| format!("x{id}")),
            row.while_locked,
            hex(&row.mac),
        )
    })
}

fn lines(rows: &[Row], head: &str, line: impl Fn(&Row) -> String) -> String {
    rows.iter().fold(head.to_owned(), |text, row| text + &line(row))
}

/// `2026-11-22T01:24:35Z`: the proleptic Gregorian calendar, after Howard Hinnant's `civil_from_days`.
pub(crate) fn iso(time: u64) -> String {
    let (days, second) = (time / 86_400, time % 86_400);
    // Days since 0000-03-01, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
