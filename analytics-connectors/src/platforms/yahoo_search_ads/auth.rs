//! What is asked of the user: one scope opens both products. The flow itself is the provider's.

pub(super) use crate::platforms::yahoo::scopes;
