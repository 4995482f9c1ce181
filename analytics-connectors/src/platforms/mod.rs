//! The platforms, one folder each, all of the same shape. Folders of a vendor's family (`meta`)
//! hold what its platforms share and are no connectors themselves.

#[cfg(feature = "facebook_ads")]
pub mod facebook_ads;
#[cfg(feature = "meta")]
pub mod meta;
