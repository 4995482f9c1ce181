import { QueryClientProvider } from "@tanstack/preact-query";
import { useEffect } from "preact/hooks";
import { Redirect, Route, Router, Switch } from "wouter-preact";
import { queryClient } from "./api/client";
import { useSessionState } from "./api/queries";
import type { Session } from "./api/types";
import { Boundary } from "./components/boundary";
import { CenteredPage } from "./components/centered";
import { LazyPage } from "./components/lazy-page";
import { Failure } from "./components/message";
import { Shell } from "./components/shell";
import { words } from "./i18n";
import { NotFound } from "./pages/account";
import { AccountDataPage } from "./pages/account-data";
import { AddAccountPage } from "./pages/add-account";
import { ChooseAccountsPage } from "./pages/choose-accounts";
import { DashboardPage } from "./pages/dashboard";
import { HomePage } from "./pages/home";
import { SettingsPage } from "./pages/settings";
import { SignInPage } from "./pages/sign-in";
import { base } from "./state/base";
import { followWorkspaceLanguage } from "./state/preferences";

/** Pages that few ever open: their code is no part of what everybody loads. */
const operationsPage = () => import("./pages/operations");
const setupPage = () => import("./pages/setup");
const deletionPage = () => import("./pages/deletion");

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Boundary>
        <Router base={base}>
          <Switch>
            <Route path="/deletion/:code">{({ code }) => <LazyPage load={deletionPage} props={{ code }} />}</Route>
            <Route>
              <Gate />
            </Route>
          </Switch>
        </Router>
      </Boundary>
    </QueryClientProvider>
  );
}

/** Nobody signed in: the set-up or sign-in page. Somebody: the pages. */
function Gate() {
  const state = useSessionState();
  const session = state.data?.session ?? null;
  useEffect(() => {
    if (session) followWorkspaceLanguage(session.workspace.language);
  }, [session?.workspace.language]);

  if (session) return <Pages session={session} />;
  if (state.data && !state.data.session) {
    const { setupRequired } = state.data;
    return (
      <Switch>
        <Route path="/setup">
          <LazyPage load={setupPage} props={{}} />
        </Route>
        <Route>
          <SignInPage setupRequired={setupRequired} />
        </Route>
      </Switch>
    );
  }
  if (state.isError) {
    return (
      <CenteredPage title={words.value.product}>
        <Failure error={state.error} retry={() => void state.refetch()} />
      </CenteredPage>
    );
  }
  return <div class="blank" aria-busy="true" />;
}

function Pages({ session }: { session: Session }) {
  return (
    <Shell session={session}>
      <Switch>
        <Route path="/">
          <HomePage session={session} />
        </Route>
        <Route path="/add-account">
          <AddAccountPage />
        </Route>
        <Route path="/connect/:provider">{({ provider }) => <ChooseAccountsPage provider={provider} />}</Route>
        <Route path="/accounts/:id">{({ id }) => <DashboardPage id={id} session={session} />}</Route>
        <Route path="/accounts/:id/data">{({ id }) => <AccountDataPage id={id} session={session} />}</Route>
        <Route path="/settings">
          <SettingsPage session={session} />
        </Route>
        {session.operator && (
          <Route path="/operations">
            <LazyPage load={operationsPage} props={{ session }} />
          </Route>
        )}
        <Route path="/setup">
          <Redirect to="/" replace />
        </Route>
        <Route path="/sign-in">
          <Redirect to="/" replace />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Shell>
  );
}
