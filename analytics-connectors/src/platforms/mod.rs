//! The platforms, one folder each, all of the same shape. Folders of a vendor's family (`meta`, `x_common`, `yahoo`)
//! hold what its platforms share and are no connectors themselves.

#[cfg(feature = "facebook_ads")]
pub mod facebook_ads;
#[cfg(feature = "facebook_page")]
pub mod facebook_page;
#[cfg(feature = "google_ads")]
pub mod google_ads;
#[cfg(feature = "instagram")]
pub mod instagram;
#[cfg(feature = "meta")]
pub mod meta;
#[cfg(feature = "x")]
pub mod x;
#[cfg(feature = "x_ads")]
pub mod x_ads;
#[cfg(feature = "x_common")]
mod x_common;
#[cfg(feature = "yahoo")]
pub mod yahoo;
#[cfg(feature = "yahoo_display_ads")]
pub mod yahoo_display_ads;
#[cfg(feature = "yahoo_search_ads")]
pub mod yahoo_search_ads;
