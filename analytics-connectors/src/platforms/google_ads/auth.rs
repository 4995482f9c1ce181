//! What is asked of the user.

use analytics_core::model::Text;

use crate::connector::Scope;

/// The only scope of the Google Ads API. There is none for reading alone.
pub(super) const ADS: &str = "https://www.googleapis.com/auth/adwords";

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            ADS,
            Text::new(
                "To read the figures of your ad accounts. Google has no permission for reading alone; nothing is ever changed there.",
                "広告アカウントの数値を読み取るため。Googleには読み取り専用の権限がありませんが、変更は一切行いません。",
            ),
        ),
        Scope::required(
            "openid",
            Text::new(
                "To tell your consent from those of other Google users.",
                "ほかのGoogleユーザーの許可と区別するため。",
            ),
        ),
    ]
}
