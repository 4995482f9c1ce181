import { useEffect } from "preact/hooks";
import { words } from "../i18n";

/** What the window is called while a page is shown: its own name first. */
export function useTitle(name: string | undefined): void {
  const { product } = words.value;
  useEffect(() => {
    document.title = name ? `${name} · ${product}` : product;
  }, [name, product]);
}
