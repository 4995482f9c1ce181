//! The search accounts that a grant reaches. Both products list them alike, each on its own host.

pub(super) use crate::platforms::yahoo::list_accounts;
