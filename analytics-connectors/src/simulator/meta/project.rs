//! Cuts an object down to the fields that were asked for.

use serde_json::{Map, Value};

use super::{error::GraphError, request::FieldRequest};

/// The asked fields of `object`, which holds every field that `kind` has; null stands for a field
/// without a value, which the vendor leaves out. `id` is always answered.
pub(crate) fn project(
    kind: &str,
    object: &Map<String, Value>,
    fields: &[FieldRequest],
) -> Result<Map<String, Value>, GraphError> {
    let mut answer = Map::new();
    for field in fields {
        let value = object.get(&field.name).ok_or_else(|| {
            let name = &field.name;
            GraphError::parameter(format!(
                "Tried accessing nonexisting field ({name}) on node type ({kind})"
            ))
        })?;
        let value = match value {
            Value::Object(inner) if !field.inner.is_empty() => {
                Value::Object(nested(&field.name, inner, &field.inner)?)
            }
            Value::Null => continue,
            value => value.clone(),
        };
        answer.insert(field.name.clone(), value);
    }
    if let Some(id) = object.get("id") {
        answer.entry("id").or_insert_with(|| id.clone());
    }
    Ok(answer)
}

/// The asked fields of a nested object; of a nested list, those of what it holds.
fn nested(
    kind: &str,
    object: &Map<String, Value>,
    fields: &[FieldRequest],
) -> Result<Map<String, Value>, GraphError> {
    let Some(data) = object.get("data") else {
        return project(kind, object, fields);
    };
    let one = |value: &Value| match value {
        Value::Object(item) => project(kind, item, fields).map(Value::Object),
        other => Ok(other.clone()),
    };
    let data = match data {
        Value::Array(items) => Value::Array(items.iter().map(one).collect::<Result<_, _>>()?),
        item => one(item)?,
    };
    let mut answer = object.clone();
    answer.insert("data".to_owned(), data);
    Ok(answer)
}
