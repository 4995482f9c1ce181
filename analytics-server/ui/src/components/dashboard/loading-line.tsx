/** A thin line at the top while a new answer is on its way. CSS shows it only after 300 ms. */
export function LoadingLine({ active }: { active: boolean }) {
  return <div class={active ? "loading-line active" : "loading-line"} aria-hidden="true" />;
}
