//! Consent pages as HTML, the same for every provider.

/// Text as HTML text or attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

const STYLE: &str = "
:root{color-scheme:light dark;--bg:#f0f2f5;--card:#fff;--text:#1c2b33;--soft:#5b6b75;--line:#dde2e6;--brand:#0866ff}
@media (prefers-color-scheme:dark){:root{--bg:#18191a;--card:#242526;--text:#e7e9ea;--soft:#a3adb3;--line:#3a3b3c;--brand:#4a90ff}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--text);
font:16px/1.5 system-ui,-apple-system,'Hiragino Sans','Noto Sans JP',sans-serif;padding:16px}
main{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:28px;width:min(460px,100%);box-shadow:0 4px 24px #0001}
.mark{width:44px;height:44px;border-radius:50%;background:var(--brand);color:#fff;display:grid;place-items:center;font-weight:700;font-size:20px}
h1{font-size:21px;margin:16px 0 4px}p{margin:0 0 14px;color:var(--soft)}
fieldset,section{border:1px solid var(--line);border-radius:10px;margin:0 0 16px;padding:6px 14px}
legend,h2{font-size:13px;font-weight:600;color:var(--soft);margin:0;padding:4px 0}
label{display:flex;gap:12px;align-items:flex-start;padding:9px 0;cursor:pointer}label+label{border-top:1px solid var(--line)}
input{width:18px;height:18px;margin:3px 0 0;accent-color:var(--brand)}small{display:block;color:var(--soft);font-size:13px}
ul{margin:4px 0 8px;padding-left:20px}.buttons{display:flex;gap:10px}
button{flex:1;min-height:44px;border-radius:9px;border:1px solid var(--line);background:transparent;color:inherit;font:inherit;font-weight:600;cursor:pointer}
button.go{background:var(--brand);border-color:var(--brand);color:#fff}button:focus-visible,input:focus-visible{outline:3px solid #7fb2ff;outline-offset:2px}
footer{margin-top:16px;font-size:12px;color:var(--soft)}";

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{body}\
         <footer>Simulated login. No real account is involved. / シミュレーターの画面です。実在のアカウントとは関係ありません。</footer>\
         </main></body></html>"
    )
}

/// A permission that is asked for: its name, what it is for, and whether it cannot be unticked.
pub(crate) type Asked<'a> = (&'a str, &'a str, bool);

/// What a consent reaches: heading and names as HTML.
pub(crate) type Reach = (&'static str, Vec<String>);

/// Somebody who can sign in: the value of the choice, a name, and what else they are called.
pub(crate) type Choice = (String, String, String);

/// The page that asks the user who is signed in for consent.
pub(crate) fn consent(user: &str, asked: &[Asked<'_>], lists: &[Reach]) -> String {
    let initial: String = user.chars().take(1).collect();
    let heading = format!(
        "Continue as <span data-testid=\"consent-user\">{}</span>?",
        escape(user)
    );
    ask(&initial, &heading, "", asked, lists)
}

/// The page that asks for consent and who signs in, the first unless another is chosen.
pub(crate) fn consent_of(place: &str, users: &[Choice], asked: &[Asked<'_>]) -> String {
    let choices: String = users
        .iter()
        .enumerate()
        .map(|(number, (value, name, about))| {
            let checked = if number == 0 { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"user\" value=\"{}\" \
                 data-testid=\"user-{}\"{checked}><span>{}<small>{}</small></span></label>",
                escape(value),
                escape(value),
                escape(name),
                escape(about)
            )
        })
        .collect();
    let choices = format!("<fieldset><legend>Account</legend>{choices}</fieldset>");
    let initial: String = place.chars().take(1).collect();
    let heading = format!("Sign in to {}", escape(place));
    ask(&initial, &heading, &choices, asked, &[])
}

fn ask(
    initial: &str,
    heading: &str,
    choices: &str,
    asked: &[Asked<'_>],
    lists: &[Reach],
) -> String {
    let boxes: String = asked
        .iter()
        .map(|(scope, about, fixed)| {
            let fixed = if *fixed { " disabled" } else { "" };
            format!(
                "<label><input type=\"checkbox\" name=\"scope\" value=\"{scope}\" \
                 data-testid=\"scope-{scope}\" checked{fixed}><span>{about}<small>{scope}</small></span></label>"
            )
        })
        .collect();
    let lists: String = lists
        .iter()
        .map(|(heading, names)| {
            let names: String = names
                .iter()
                .map(|name| format!("<li>{name}</li>"))
                .collect();
            format!("<section><h2>{heading}</h2><ul>{names}</ul></section>")
        })
        .collect();
    let hint = if asked.iter().all(|(_, _, fixed)| *fixed) {
        ""
    } else {
        " You can untick what you do not want to share."
    };
    let body = format!(
        "<div class=\"mark\" aria-hidden=\"true\">{initial}</div>\
         <h1>{heading}</h1>\
         <p>Analytics would like to access the following.{hint}</p>\
         <form method=\"post\"><input type=\"hidden\" name=\"page\" value=\"1\">\
         {choices}<fieldset><legend>Access</legend>{boxes}</fieldset>\
         {lists}\
         <div class=\"buttons\">\
         <button name=\"decision\" value=\"deny\" data-testid=\"consent-deny\">Cancel</button>\
         <button class=\"go\" name=\"decision\" value=\"allow\" data-testid=\"consent-allow\">Continue</button>\
         </div></form>"
    );
    frame("Log in", &body)
}

/// The page of a login that cannot be.
pub(crate) fn error(message: &str) -> String {
    let message = escape(message);
    frame(
        "Login error",
        &format!("<h1>This cannot be loaded</h1><p role=\"alert\">{message}</p>"),
    )
}
