//! A request to the Graph API: version, node, edge and parameters from query and form.

use axum::http::{HeaderMap, Method, header};

use super::error::GraphError;

/// Parameters in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Parameters of the query and of a form.
    pub(crate) fn new(query: Option<&str>, form: &[u8]) -> Self {
        let query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let form = url::form_urlencoded::parse(form);
        Self(
            query
                .chain(form)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// A parameter that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let hit = self
            .0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        hit.map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let hits = self
            .0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty());
        hits.map(|(_, value)| value.as_str())
    }

    /// A parameter that must be there.
    pub(crate) fn require(&self, name: &str) -> Result<&str, GraphError> {
        self.get(name)
            .ok_or_else(|| GraphError::parameter(format!("The parameter {name} is required")))
    }

    /// The same with another value of `name`, as a query.
    pub(crate) fn query_with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(key, _)| key != name);
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair(name, value)
            .finish()
    }
}

/// A request to the Graph API.
#[derive(Debug)]
pub(crate) struct GraphRequest {
    pub(crate) method: Method,
    /// `http://localhost:PORT/meta`, as the caller knows it.
    pub(crate) base: String,
    pub(crate) version: String,
    pub(crate) node: String,
    pub(crate) edge: Option<String>,
    pub(crate) params: Params,
    /// The access token, from the parameters or the header.
    pub(crate) token: Option<String>,
}

impl GraphRequest {
    pub(crate) fn new(
        method: Method,
        (version, node, edge): (String, String, Option<String>),
        headers: &HeaderMap,
        query: Option<&str>,
        form: &[u8],
    ) -> Self {
        let params = Params::new(query, form);
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| {
                value
                    .strip_prefix("Bearer ")
                    .or_else(|| value.strip_prefix("OAuth "))
            });
        let token = params.get("access_token").or(bearer).map(str::to_owned);
        Self {
            method,
            base: format!("{}/meta", crate::simulator::control::base_url(headers)),
            version,
            node,
            edge,
            params,
            token,
        }
    }

    /// The address of the same request with another cursor. It holds the token, as in life.
    pub(crate) fn next_page(&self, after: &str) -> String {
        let edge = self.edge.as_deref().unwrap_or_default();
        let mut query = self.params.query_with("after", after);
        if let (None, Some(token)) = (self.params.get("access_token"), &self.token) {
            query = format!("access_token={token}&{query}");
        }
        format!(
            "{}/{}/{}/{edge}?{query}",
            self.base, self.version, self.node
        )
    }
}

/// A field that was asked for, with what was asked of it: `creative{id,thumbnail_url}`,
/// `insights.metric(post_clicks).period(lifetime)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldRequest {
    pub(crate) name: String,
    /// Name and arguments of each modifier.
    pub(crate) modifiers: Vec<(String, String)>,
    pub(crate) inner: Vec<Self>,
}

impl FieldRequest {
    /// The arguments of a modifier.
    pub(crate) fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, arguments)| arguments.as_str())
    }
}

/// Parses `fields`: a comma-separated list with braces, or a JSON list of names.
pub(crate) fn parse_fields(text: &str) -> Result<Vec<FieldRequest>, GraphError> {
    if text.trim_start().starts_with('[') {
        let names: Vec<String> = serde_json::from_str(text)
            .map_err(|_| GraphError::parameter("param fields must be an array."))?;
        return Ok(names
            .into_iter()
            .map(|name| FieldRequest {
                name,
                modifiers: Vec::new(),
                inner: Vec::new(),
            })
            .collect());
    }
    let mut rest = text;
    let fields = field_list(&mut rest)?;
    if rest.is_empty() {
        Ok(fields)
    } else {
        Err(syntax_error(text))
    }
}

fn syntax_error(text: &str) -> GraphError {
    GraphError::new(
        2500,
        format!("Syntax error \"Expected end of string instead of \"}}\".\" at fields: {text}"),
    )
}

fn field_list(rest: &mut &str) -> Result<Vec<FieldRequest>, GraphError> {
    let mut fields = Vec::new();
    loop {
        let end = rest.find([',', '{', '}', '.']).unwrap_or(rest.len());
        let name = rest[..end].trim().to_owned();
        *rest = &rest[end..];
        let mut modifiers = Vec::new();
        while let Some(after) = rest.strip_prefix('.') {
            let (modifier, after) = after.split_once('(').ok_or_else(|| syntax_error(rest))?;
            let (arguments, after) = after.split_once(')').ok_or_else(|| syntax_error(rest))?;
            modifiers.push((modifier.to_owned(), arguments.to_owned()));
            *rest = after;
        }
        let mut inner = Vec::new();
        if let Some(after) = rest.strip_prefix('{') {
            *rest = after;
            inner = field_list(rest)?;
            *rest = rest.strip_prefix('}').ok_or_else(|| syntax_error(rest))?;
        }
        if !name.is_empty() {
            fields.push(FieldRequest {
                name,
                modifiers,
                inner,
            });
        }
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Ok(fields),
        }
    }
}
