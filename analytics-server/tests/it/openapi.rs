//! `/api/openapi.json`

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::TestApp;

#[tokio::test]
async fn the_description_names_every_route_and_every_reference_resolves() {
    let test = TestApp::without_jobs().await;
    let answer = test.client().get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    let document = &answer.body;
    assert_eq!(document["openapi"], "3.1.0");
    let (mut routes, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            routes.insert(format!("{} {path}", method.to_uppercase()));
            assert!(
                operation["summary"].is_string() || operation["description"].is_string(),
                "{method} {path}"
            );
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "two operations are {name}");
            let schemes = operation["security"].as_array();
            let schemes = schemes.or(document["security"].as_array()).unwrap();
            let is_open = schemes.is_empty();
            let is_public = ["sign_in", "set_up", "healthz", "readyz", "version"].contains(&name);
            assert_eq!(is_open, is_public, "{name}");
            let default = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(default.is_object(), "{method} {path}");
        }
    }
    insta::assert_snapshot!(routes.into_iter().collect::<Vec<_>>().join("\n"));
    let mut references = Vec::new();
    collect(document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if name == "$ref" {
                    into.push(value.as_str().unwrap().to_owned());
                }
                collect(value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
