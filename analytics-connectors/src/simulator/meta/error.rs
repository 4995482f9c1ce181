//! Errors as the Graph API spells them.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The vendor's error.
#[derive(Debug, Clone)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    kind: &'static str,
    pub(crate) message: String,
    pub(crate) transient: bool,
    user: Option<(&'static str, &'static str)>,
}

impl GraphError {
    /// An error with the vendor's code, answered with HTTP 400.
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code,
            subcode: None,
            kind: "OAuthException",
            message: message.into(),
            transient: false,
            user: None,
        }
    }

    pub(crate) fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    pub(crate) fn user(mut self, title: &'static str, message: &'static str) -> Self {
        self.user = Some((title, message));
        self
    }

    /// A parameter that cannot be used: code 100.
    pub(crate) fn parameter(message: impl AsRef<str>) -> Self {
        Self::new(100, format!("(#100) {}", message.as_ref()))
    }

    /// An object that does not exist or may not be seen: code 100, subcode 33.
    pub(crate) fn no_object(method: &str, id: &str) -> Self {
        Self::new(
            100,
            format!(
                "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be \
                 loaded due to missing permissions, or does not support this operation. Please \
                 read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
            ),
        )
        .subcode(33)
        .kind("GraphMethodException")
    }

    /// The token is no good: code 190.
    pub(crate) fn token(message: impl Into<String>, subcode: Option<i64>) -> Self {
        let mut error = Self::new(190, message);
        error.subcode = subcode;
        error
    }

    /// "Please reduce the amount of data": code 1.
    pub(crate) fn reduce_data() -> Self {
        Self::new(
            1,
            "Please reduce the amount of data you're asking for, then retry your request",
        )
        .status(500)
    }

    pub(crate) fn body(&self) -> String {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": "A1b2C3d4E5f6G7h8I9j0K_l",
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if self.transient {
            error["is_transient"] = true.into();
        }
        if let Some((title, message)) = self.user {
            error["error_user_title"] = title.into();
            error["error_user_msg"] = message.into();
        }
        json!({ "error": error }).to_string()
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let challenge = format!(
            "OAuth \"Facebook Platform\" \"invalid_request\" \"{}\"",
            self.code
        );
        (
            status,
            [
                (
                    header::CONTENT_TYPE,
                    "application/json; charset=UTF-8".to_owned(),
                ),
                (header::WWW_AUTHENTICATE, challenge),
            ],
            self.body(),
        )
            .into_response()
    }
}
