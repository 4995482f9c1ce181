//! Errors as the API tells them.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// How an error is called: the older API has numbers.
#[derive(Debug, Clone, Copy)]
enum Code {
    Name(&'static str),
    Number(u16),
}

/// An error of the API.
#[derive(Debug, Clone)]
pub(super) struct ApiError {
    status: u16,
    code: Code,
    message: String,
    /// The parameter that is wrong, and its value.
    parameter: Option<Box<(String, String)>>,
    /// Headers of the answer.
    pub(super) headers: Vec<(&'static str, String)>,
}

impl ApiError {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: Code::Name(code),
            message: message.into(),
            parameter: None,
            headers: Vec::new(),
        }
    }

    /// An error in the shape of the older API, whose codes are numbers.
    fn numbered(status: u16, code: u16, message: &str) -> Self {
        Self {
            code: Code::Number(code),
            ..Self::new(status, "", message)
        }
    }

    /// The header is no signature.
    pub(super) fn bad_header() -> Self {
        Self::numbered(400, 215, "Bad Authentication data.")
    }

    /// The signature is not that of the call.
    pub(super) fn not_authentic() -> Self {
        Self::numbered(401, 32, "Could not authenticate you.")
    }

    /// The token opens nothing.
    pub(super) fn bad_token() -> Self {
        Self::numbered(401, 89, "Invalid or expired token.")
    }

    /// The callback is none.
    pub(super) fn bad_callback() -> Self {
        let message = "Callback URL not approved for this client application.";
        Self::numbered(403, 415, message)
    }

    pub(super) fn invalid(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_PARAMETER", message).about(name, value)
    }

    pub(super) fn window(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_TIME_WINDOW", message).about(name, value)
    }

    /// The account is none that this user may read.
    pub(super) fn no_account(id: &str) -> Self {
        let message = format!("Account {id} was not found or is not yours to read");
        Self::new(403, "ACCOUNT_NOT_FOUND", message).about("account_id", id)
    }

    pub(super) fn no_route() -> Self {
        Self::new(404, "ROUTE_NOT_FOUND", "The resource was not found")
    }

    /// Names the parameter that is wrong.
    pub(super) fn about(mut self, name: &str, value: &str) -> Self {
        self.parameter = Some(Box::new((name.to_owned(), value.to_owned())));
        self
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// The answer's body; the older shape does not repeat the request.
    pub(super) fn body(&self, params: &Value) -> Value {
        let name = match self.code {
            Code::Name(name) => name,
            Code::Number(number) => {
                let error = json!({ "code": number, "message": self.message });
                return json!({ "errors": [error] });
            }
        };
        let mut error = json!({ "code": name, "message": self.message });
        if let Some(parameter) = &self.parameter {
            error["parameter"] = json!(parameter.0);
            error["value"] = json!(parameter.1);
            error["details"] = json!("");
        }
        json!({ "errors": [error], "request": { "params": params } })
    }
}
