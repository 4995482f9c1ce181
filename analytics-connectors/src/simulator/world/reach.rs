//! People reached: a count that cannot be added up, over days or over children.
//!
//! An ad shows its impressions to a limited audience; overlapping audiences meet again one level
//! above. Both are concave, so the reach of a range lies between its best day and the sum of its
//! days, and the reach of a parent between its best child and the sum of its children.

/// People reached out of `audience` by `contacts`, rounded up. Subadditive and rising in
/// `contacts`; never more than these.
pub(crate) fn saturate(audience: i64, contacts: i64) -> i64 {
    if contacts <= 0 {
        return 0;
    }
    (audience * contacts + audience + contacts - 1) / (audience + contacts)
}

/// People reached by several children out of the pool of their parent.
pub(crate) fn overlap(pool: i64, children: impl IntoIterator<Item = i64>) -> i64 {
    let (sum, best) = children
        .into_iter()
        .fold((0, 0), |(sum, best), reach| (sum + reach, reach.max(best)));
    saturate(pool, sum).max(best)
}
