//! Private servers for a script: `private_servers postgres redis` prints one JSON object with the URL
//! of each, and ends them when its input ends.

use std::io::{Read, Write};

use analytics_core::testing::{PrivatePostgres, PrivateRedis};
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut urls = Map::new();
    let (mut postgres, mut redis) = (None, None);
    for name in std::env::args().skip(1) {
        let url = match name.as_str() {
            "postgres" => postgres.insert(PrivatePostgres::start()?).database()?,
            "redis" => redis.insert(PrivateRedis::start()?).url(),
            other => return Err(format!("`{other}` is neither `postgres` nor `redis`").into()),
        };
        urls.insert(name, Value::String(url));
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", Value::Object(urls))?;
    out.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
