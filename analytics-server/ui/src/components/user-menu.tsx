import { useLocation } from "wouter-preact";
import { signOut } from "../api/actions";
import type { Session } from "../api/types";
import { words } from "../i18n";
import { chooseLanguage, chooseTheme, language, theme, type Theme } from "../state/preferences";
import { Icon } from "./icon";
import { Menu } from "./menu";
import { Popover } from "./popover";

const themes: Theme[] = ["auto", "light", "dark"];

/** Language, appearance, the workspace's settings and the way out. */
export function UserMenu({ session }: { session: Session }) {
  const t = words.value.nav;
  const [, navigate] = useLocation();
  return (
    <Popover
      class="user-button"
      placement="above"
      testid="user-menu"
      button={
        <>
          <span class="avatar" aria-hidden="true">
            {session.user.name.trim().slice(0, 1).toUpperCase() || <Icon name="user" />}
          </span>
          <span class="nav-text">
            <span class="nav-name">{session.user.name}</span>
            <span class="nav-sub">{session.workspace.name}</span>
          </span>
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {(close) => {
        const choose = (action: () => void) => () => {
          action();
          close();
        };
        return (
          <Menu
            label={t.menu}
            groups={[
              {
                title: t.language,
                items: [
                  { label: <span lang="en">English</span>, checked: language.value === "en", testid: "language-en", onSelect: choose(() => chooseLanguage("en")) },
                  { label: <span lang="ja">日本語</span>, checked: language.value === "ja", testid: "language-ja", onSelect: choose(() => chooseLanguage("ja")) },
                ],
              },
              {
                title: t.theme,
                items: themes.map((name) => ({
                  label: t.themes[name],
                  checked: theme.value === name,
                  testid: `theme-${name}`,
                  onSelect: choose(() => chooseTheme(name)),
                })),
              },
              {
                items: [
                  { label: words.value.settings.title, testid: "settings", onSelect: choose(() => navigate("/settings")) },
                  ...(session.operator ? [{ label: t.operations, testid: "operations-link", onSelect: choose(() => navigate("/operations")) }] : []),
                ],
              },
              { items: [{ label: t.signOut, testid: "sign-out", onSelect: () => void signOut() }] },
            ]}
          />
        );
      }}
    </Popover>
  );
}
