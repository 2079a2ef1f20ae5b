//! What all papers about support money are held against.

use crate::base::{Day, Fault, Result, Vnd, paper_number, say, text};

/// A paper that was signed: its number as it is kept, where neither it nor its day is wrong.
pub fn signed(number: &str, signed_on: Day, today: Day, faults: &mut Vec<Fault>) -> String {
    let number = paper_number::spelled(number);
    text::check_code(&number, "/number", 100, faults);
    must_be_past(signed_on, today, "/signed_on", faults);
    number
}

/// What is recorded has happened.
pub fn must_be_past(day: Day, today: Day, at: &str, faults: &mut Vec<Fault>) {
    if day > today {
        faults.push(Fault::new(at, "in_future", say("Ngày ở tương lai.", "The day lies in the future.")));
    }
}

/// What is recorded happened no earlier than what it rests on.
pub fn must_follow(day: Day, basis: Option<Day>, at: &str, faults: &mut Vec<Fault>) {
    if basis.is_some_and(|basis| day < basis) {
        let detail = say("Ngày trước văn bản làm căn cứ.", "The day is before what it rests on.");
        faults.push(Fault::new(at, "before_basis", detail));
    }
}

/// Some money, and no more than there is.
pub fn must_be_within(amount: Vnd, most: Vnd, faults: &mut Vec<Fault>) {
    if amount == Vnd::ZERO || amount > most {
        let (vi, en) = (format!("Từ 1 đến {} đồng.", most.get()), format!("From 1 to {} VND.", most.get()));
        faults.push(Fault::new("/amount", "out_of_range", say(vi, en)));
    }
}

/// The sum of amounts.
pub fn sum(amounts: impl IntoIterator<Item = Vnd>) -> Result<Vnd> {
    amounts.into_iter().try_fold(Vnd::ZERO, Vnd::plus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stay_within_and_papers_are_of_the_past() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut faults = Vec::new();
        let vnd = |amount| Vnd::new(amount).unwrap();
        must_be_within(vnd(5), vnd(5), &mut faults);
        assert_eq!(signed(" 5/QĐ-UBND ", day("2021-02-01"), day("2021-02-01"), &mut faults), "5/QĐ-UBND");
        must_follow(day("2021-02-01"), Some(day("2021-02-01")), "/paid_on", &mut faults);
        assert!(faults.is_empty());
        must_be_within(vnd(6), vnd(5), &mut faults);
        must_be_within(vnd(0), vnd(5), &mut faults);
        signed("", day("2021-02-02"), day("2021-02-01"), &mut faults);
        must_follow(day("2021-01-31"), Some(day("2021-02-01")), "/paid_on", &mut faults);
        assert_eq!(faults.len(), 5);
        assert_eq!(sum([vnd(2), vnd(3)]).unwrap(), vnd(5));
    }
}
