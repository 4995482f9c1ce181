import { words } from "../../i18n";

/** The dashboard's outline, in its place and size, while nothing is known yet. */
export function DashboardSkeleton() {
  return (
    <div class="dashboard late" aria-busy="true" data-loading="true">
      <span class="sr-only">{words.value.loading}</span>
      <div class="skeleton title-skeleton" />
      <div class="skeleton controls-skeleton" />
      <div class="skeleton tabs-skeleton" />
      <div class="skeleton chart-skeleton" />
    </div>
  );
}
