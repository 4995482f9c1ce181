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
                Value::Object(project(&field.name, inner, &field.inner)?)
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
