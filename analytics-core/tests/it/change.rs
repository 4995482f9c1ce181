//! Changes between sides that are not complete or hold no number.

use analytics_core::analysis::{Reason, change};

#[test]
fn a_change_between_incomplete_sides_is_given_with_its_reason_or_withheld() {
    let full = change(Some(12.0), Some(10.0));
    assert_eq!(full.covering(1.0, 1.0), full);
    let nearly = full.covering(0.95, 1.0);
    assert_eq!(nearly.absolute, Some(2.0));
    assert_eq!(nearly.reason, Some(Reason::Incomplete));
    let hardly = full.covering(1.0, 0.9499);
    assert_eq!((hardly.absolute, hardly.relative), (None, None));
    assert_eq!(hardly.reason, Some(Reason::Incomplete));
    // Of several reasons the weightiest is given.
    let appeared = change(Some(12.0), Some(0.0)).covering(0.99, 1.0);
    assert_eq!(appeared.reason, Some(Reason::Incomplete));
    let missing = change(None, Some(0.0)).covering(0.0, 1.0);
    assert_eq!(missing.reason, Some(Reason::NoData));
}

#[test]
fn a_value_that_is_no_number_counts_as_missing() {
    for odd in [f64::NAN, f64::INFINITY] {
        assert_eq!(change(Some(odd), Some(1.0)).reason, Some(Reason::NoData));
        assert_eq!(change(Some(1.0), Some(odd)).reason, Some(Reason::NoData));
    }
}
