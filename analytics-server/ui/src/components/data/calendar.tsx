import { useRef, useState } from "preact/hooks";
import { words } from "../../i18n";
import { longDay, monthLabel, weekdayInitial } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { Tooltip } from "../tooltip";
import { calendarMonths, firstWeekday, neighbour, type CalendarDay, type CalendarMonth, type DayRun } from "./calendar-data";
import { failureText, readText, stateText } from "./day-words";

/** Every day of the history as a small field, the newest month first. */
export function Calendar({ runs, label }: { runs: DayRun[]; label: string }) {
  const { session } = useAccount();
  const place = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const [spoken, setSpoken] = useState("");
  const months = calendarMonths(runs, session.workspace.week_start);
  const days = new Map(months.flatMap(({ days }) => days.map((day) => [day.date, day] as const)));
  const day = pointed === null ? undefined : days.get(pointed);
  const field = day && place.current?.querySelector(`[data-date="${day.date}"]`);

  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") setPointed(null);
    const next = days.get(neighbour([...days.keys()].sort(), pointed, event.key) ?? "");
    if (!next) return;
    event.preventDefault();
    setPointed(next.date);
    setSpoken(daySentence(next));
    place.current?.querySelector(`[data-date="${next.date}"]`)?.scrollIntoView({ block: "nearest" });
  };

  const pointAt = ({ target }: Event) => setPointed((target as Element).closest<HTMLElement>("[data-date]")?.dataset.date ?? null);

  return (
    <>
      <div
        class="calendar"
        ref={place}
        role="img"
        tabIndex={0}
        aria-label={words.value.data.keyboard(label)}
        data-testid="calendar"
        onKeyDown={keys}
        onFocus={(event) => {
          if (event.currentTarget.matches(":focus-visible")) setPointed(months[0]?.days.at(-1)?.date ?? null);
        }}
        onBlur={() => setPointed(null)}
        onPointerLeave={(event) => {
          // A finger leaves as soon as it is lifted: what it touched stays shown until it touches something else.
          if (event.pointerType === "mouse") setPointed(null);
        }}
        onPointerMove={pointAt}
        onClick={pointAt}
      >
        {months.map((month) => (
          <Month key={month.start} month={month} pointed={pointed} />
        ))}
      </div>
      <span class="sr-only" role="status">
        {spoken}
      </span>
      {day && field && <DayTooltip day={day} anchor={field.getBoundingClientRect()} />}
    </>
  );
}

function Month({ month, pointed }: { month: CalendarMonth; pointed: string | null }) {
  const { session } = useAccount();
  const first = firstWeekday(session.workspace.week_start);
  return (
    <div class="month">
      <div class="month-name">{monthLabel(month.start, language.value)}</div>
      <div class="month-days">
        {[0, 1, 2, 3, 4, 5, 6].map((number) => (
          <span class="month-weekday" key={number}>
            {weekdayInitial((first + number) % 7, language.value)}
          </span>
        ))}
        {month.days.map(({ date, run }, index) => (
          <span
            key={date}
            class={`day ${run.state}${date === pointed ? " pointed" : ""}`}
            data-date={date}
            data-state={run.state}
            style={index === 0 ? { gridColumnStart: month.lead + 1 } : undefined}
          />
        ))}
      </div>
    </div>
  );
}

function DayTooltip({ day: { date, run }, anchor }: { day: CalendarDay; anchor: DOMRect }) {
  const { session } = useAccount();
  const read = readText(run, session.workspace.time_zone, session.today);
  const wrong = failureText(run);
  return (
    <Tooltip anchor={anchor}>
      <p class="tooltip-title">{longDay(date, language.value)}</p>
      <p class="tooltip-text">{stateText(run)}</p>
      {read && <p class="tooltip-text">{read}</p>}
      {wrong && <p class="tooltip-note">{wrong}</p>}
    </Tooltip>
  );
}

const daySentence = ({ date, run }: CalendarDay): string =>
  [longDay(date, language.value), stateText(run), failureText(run)].filter(Boolean).join(words.value.list);
