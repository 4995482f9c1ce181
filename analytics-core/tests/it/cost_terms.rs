//! What an agency bills beside the cost.

use analytics_core::{
    Error,
    model::{AgencyFee, CostTerm, CostTerms, FeeKind, Millionths, Share},
};
use rstest::rstest;

fn term(from: &str, kind: Option<FeeKind>, rate: &str, tax: Option<&str>) -> CostTerm {
    let share = |text: &str| Share(Millionths::parse_exact(text).unwrap());
    CostTerm {
        from: from.parse().unwrap(),
        fee: kind.map(|kind| AgencyFee {
            kind,
            rate: share(rate),
        }),
        tax: tax.map(share),
    }
}

#[rstest]
#[case::nothing(None, "0", None, "100000", "100000")]
#[case::on_top(Some(FeeKind::OnTop), "0.2", None, "100000", "120000")]
#[case::within(Some(FeeKind::Within), "0.2", None, "100000", "125000")]
#[case::tax(None, "0", Some("0.1"), "100000", "110000")]
#[case::on_top_and_tax(Some(FeeKind::OnTop), "0.2", Some("0.1"), "100000", "132000")]
#[case::within_and_tax(Some(FeeKind::Within), "0.2", Some("0.1"), "100000", "137500")]
#[case::rounded_once(Some(FeeKind::Within), "0.15", Some("0.1"), "1", "1.294118")]
#[case::half_goes_up(Some(FeeKind::OnTop), "0.5", None, "0.000001", "0.000002")]
#[case::a_refund(Some(FeeKind::OnTop), "0.5", None, "-0.000001", "-0.000002")]
fn a_cost_is_billed_exactly(
    #[case] kind: Option<FeeKind>,
    #[case] rate: &str,
    #[case] tax: Option<&str>,
    #[case] cost: &str,
    #[case] billed: &str,
) {
    let terms = CostTerms::new(vec![term("2026-04-01", kind, rate, tax)]).unwrap();
    let cost = Millionths::parse_exact(cost).unwrap();
    let day = "2026-04-01".parse().unwrap();
    assert_eq!(terms.billed(day, cost).unwrap().to_string(), billed);
    let before = "2026-03-31".parse().unwrap();
    assert_eq!(terms.billed(before, cost).unwrap(), cost, "not yet");
}

#[test]
fn a_later_term_replaces_the_one_before() {
    let terms = CostTerms::new(vec![
        term("2026-01-01", Some(FeeKind::OnTop), "0.2", None),
        term("2026-04-01", None, "0", Some("0.1")),
    ]);
    let terms = terms.unwrap();
    let billed = |day: &str| {
        let cost = Millionths(100);
        terms.billed(day.parse().unwrap(), cost).unwrap().0
    };
    assert_eq!(billed("2026-03-31"), 120);
    assert_eq!(billed("2026-04-01"), 110);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let terms = CostTerms::new(vec![term("2026-01-01", Some(FeeKind::OnTop), "10", None)]);
    let day = "2026-01-01".parse().unwrap();
    let billed = terms.unwrap().billed(day, Millionths(i64::MAX));
    assert!(matches!(billed, Err(Error::Overflow { .. })));
}

#[rstest]
#[case::fee_of_nothing(Some(FeeKind::OnTop), "0", None, "terms[1].fee.rate")]
#[case::fee_below_nothing(Some(FeeKind::OnTop), "-0.1", None, "terms[1].fee.rate")]
#[case::too_much(Some(FeeKind::OnTop), "10.000001", None, "terms[1].fee.rate")]
#[case::everything(Some(FeeKind::Within), "1", None, "terms[1].fee.rate")]
#[case::tax_of_nothing(None, "0", Some("0"), "terms[1].tax")]
#[case::percent_for_share(None, "0", Some("10"), "terms[1].tax")]
fn terms_that_cannot_be_are_named(
    #[case] kind: Option<FeeKind>,
    #[case] rate: &str,
    #[case] tax: Option<&str>,
    #[case] named: &str,
) {
    let first = term("2026-01-01", None, "0", None);
    let bad = CostTerms::new(vec![first, term("2026-02-01", kind, rate, tax)]);
    let Err(Error::Invalid { field, .. }) = bad else {
        panic!("{bad:?}");
    };
    assert_eq!(field, named);
}

#[test]
fn days_ascend() {
    let one = term("2026-01-01", None, "0", None);
    let Err(Error::Invalid { field, .. }) = CostTerms::new(vec![one, one]) else {
        panic!("the same day twice");
    };
    assert_eq!(field, "terms[1].from");
    assert!(CostTerms::new(vec![one; 101]).is_err());
}

#[test]
fn they_are_written_as_shares_of_one() {
    let terms = CostTerms::new(vec![term(
        "2026-04-01",
        Some(FeeKind::Within),
        "0.15",
        Some("0.1"),
    )]);
    let json = serde_json::to_value(terms.unwrap()).unwrap();
    let text = serde_json::json!([
        { "from": "2026-04-01", "fee": { "kind": "within", "rate": "0.15" }, "tax": "0.1" }
    ]);
    assert_eq!(json, text);
    let back: Vec<CostTerm> = serde_json::from_value(text).unwrap();
    assert!(CostTerms::new(back).is_ok());
}
