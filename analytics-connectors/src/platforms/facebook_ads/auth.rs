//! What is asked of the user. The flow itself is Facebook Login, shared with Meta's other
//! platforms.

use analytics_core::model::Text;

use crate::connector::Scope;

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            "ads_read",
            Text::new(
                "To read the figures of your ad accounts. Nothing is ever changed there.",
                "広告アカウントの数値を読み取るため。変更は一切行いません。",
            ),
        ),
        Scope::optional(
            "business_management",
            Text::new(
                "To find ad accounts that belong to a business portfolio.",
                "ビジネスポートフォリオに属する広告アカウントを見つけるため。",
            ),
            &[],
        ),
    ]
}
