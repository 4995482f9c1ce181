import { Component, type ComponentChildren } from "preact";
import { words } from "../i18n";
import { Message } from "./message";

/** Catches what went wrong while drawing, so that a fault shows a sentence and a way on instead of a blank page. */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Message
        icon="alert"
        title={words.value.failed.page}
        tone="bad"
        page
        actions={
          <button type="button" class="button primary" onClick={() => location.reload()}>
            {words.value.retry}
          </button>
        }
      />
    );
  }
}
