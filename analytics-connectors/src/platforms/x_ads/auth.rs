//! What is asked of the user.

use analytics_core::model::Text;

use crate::connector::Scope;

/// OAuth 1.0a has no scopes: the app's own permission is what the user agrees to.
pub(super) const PERMISSION: &str = "Read and write";

/// The permission, with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![Scope::required(
        PERMISSION,
        Text::new(
            "To read the figures of your ad accounts. X gives them only to apps that may also write; nothing is ever changed there.",
            "広告アカウントの数値を読み取るため。Xの仕様で書き込み権限も必要ですが、変更は一切行いません。",
        ),
    )]
}
