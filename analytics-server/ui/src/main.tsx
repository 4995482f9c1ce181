import "./styles/index.css";
import { render } from "preact";
import { queryClient } from "./api/client";
import { Problem } from "./api/http";
import { keys, prefetchFirstScreen, type SessionState } from "./api/queries";
import { App } from "./app";
import { applyPreferences } from "./state/preferences";

applyPreferences();
prefetchFirstScreen();

/** A session may end while a page is open: the next refusal brings up the sign-in page. */
queryClient.getQueryCache().subscribe((event) => {
  const error = event.type === "updated" && event.action.type === "error" ? event.action.error : null;
  if (!(error instanceof Problem) || error.code !== "not_signed_in") return;
  const known = queryClient.getQueryData<SessionState>(keys.session);
  if (known?.session) queryClient.setQueryData<SessionState>(keys.session, { session: null, setupRequired: false });
});

const root = document.getElementById("app");
if (root) render(<App />, root);
