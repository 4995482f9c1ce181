//! What is asked of the user. The flow itself is Facebook Login, shared with Meta's other
//! platforms.

use analytics_core::model::Text;

use super::{INSIGHTS, POSTS};
use crate::connector::Scope;

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            "pages_show_list",
            Text::new(
                "To find the Pages you manage.",
                "管理しているページを見つけるため。",
            ),
        ),
        Scope::required(
            "pages_read_engagement",
            Text::new(
                "To read the posts of your Pages and what people do with them. Nothing is ever changed there.",
                "ページの投稿と反応を読み取るため。変更は一切行いません。",
            ),
        ),
        Scope::optional(
            "read_insights",
            Text::new(
                "To read views, reach and followers of your Pages and posts.",
                "ページや投稿の表示回数・リーチ・フォロワー数を読み取るため。",
            ),
            &[INSIGHTS, POSTS],
        ),
        Scope::optional(
            "business_management",
            Text::new(
                "To find Pages that belong to a business portfolio.",
                "ビジネスポートフォリオに属するページを見つけるため。",
            ),
            &[],
        ),
    ]
}
