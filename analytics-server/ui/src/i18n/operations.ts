/** The words of the operators' page, apart from the others because only few ever load it. */
import { computed } from "@preact/signals";
import type { Language } from "../api/types";
import { language } from "../state/preferences";

export const operationsEn = {
  title: "Operations",
  lead: "All workspaces of this server.",
  asOf: (time: string, version: string) => `${time} · version ${version}`,
  allWell: "Everything is up to date and nothing fails.",

  platforms: {
    title: "Accounts by platform",
    platform: "Platform",
    state: "State",
    accounts: "Accounts",
    due: "Due",
    longest: "Longest wait",
    running: "Running",
    failing: "Failing",
    relink: "To be linked again",
    none: "No account is linked yet",
    noneText: "As soon as somebody links one, this is where you see whether it is kept up to date.",
    upToDate: "Up to date",
    behind: (days: number) => (days === 1 ? "1 day behind" : `${days} days behind`),
    beginning: "First days are on their way",
    paused: "Paused",
    waited: (days: number) => `${days} days`,
    handedOver: (n: number) => `${n} more handed over`,
  },

  pause: {
    title: (platform: string) => `${platform} is paused`,
    until: (time: string) => `Nothing of it is read until ${time}. It said:`,
    lift: "End the pause",
    hint: "Do this once the cause is put right. If the platform refuses again, it is paused again.",
  },

  failures: {
    title: "Failures",
    none: "No account fails.",
    retry: "Try again",
    running: "Running…",
    attempts: (n: number) => (n === 1 ? "1 attempt" : `${n} attempts in a row`),
    since: (time: string) => `failed ${time}`,
    next: (time: string) => `next attempt ${time}`,
    relink: "Waits for its users: only they can link it again.",
    refused: "The platform refuses this account.",
    more: "There are more failures than are shown here.",
  },

  workers: {
    title: "Processes",
    host: "Machine",
    role: "Role",
    version: "Version",
    busy: "Busy",
    since: "Started",
    seen: "Last seen",
    none: "No process has reported within the last minute.",
    noneText: "If accounts are due and nothing runs, start a worker: analytics serve --role worker",
    roles: { all: "Everything", web: "Web", worker: "Worker", scheduler: "Scheduler" } as Record<string, string>,
    busyOf: (running: number, capacity: number) => `${running} of ${capacity}`,
    other: "Another version than the one that answers",
  },

  budgets: {
    title: "Shared limits",
    scope: "Counts by",
    app: "The whole app",
    used: "Used",
    of: (used: string, allowed: string) => `${used} of ${allowed}`,
    parked: "Rests until",
    none: "No limit is in use and nothing rests.",
  },
};

type OperationsWords = typeof operationsEn;

export const operationsJa: OperationsWords = {
  title: "運用状況",
  lead: "このサーバーのすべてのワークスペースが対象です。",
  asOf: (time, version) => `${time} 現在・バージョン ${version}`,
  allWell: "すべて最新で、失敗はありません。",

  platforms: {
    title: "媒体別のアカウント",
    platform: "媒体",
    state: "状態",
    accounts: "アカウント数",
    due: "更新待ち",
    longest: "最長の待ち時間",
    running: "実行中",
    failing: "失敗",
    relink: "要再連携",
    none: "連携されたアカウントはまだありません",
    noneText: "アカウントが連携されると、最新に保たれているかどうかをここで確認できます。",
    upToDate: "最新",
    behind: (days) => `${days}日の遅れ`,
    beginning: "最初のデータを取得中",
    paused: "停止中",
    waited: (days) => `${days}日`,
    handedOver: (n) => `ほか${n}件を引き渡し済み`,
  },

  pause: {
    title: (platform) => `${platform}は停止中です`,
    until: (time) => `${time}まで、この媒体からは取得しません。媒体からの応答：`,
    lift: "停止を解除",
    hint: "原因を解消してから解除してください。再び拒否された場合は、もう一度停止します。",
  },

  failures: {
    title: "失敗",
    none: "失敗しているアカウントはありません。",
    retry: "再試行",
    running: "実行中…",
    attempts: (n) => `連続${n}回`,
    since: (time) => `${time}に失敗`,
    next: (time) => `次回 ${time}`,
    relink: "ユーザーによる再連携を待っています。",
    refused: "媒体がこのアカウントを拒否しています。",
    more: "このほかにも失敗があります。",
  },

  workers: {
    title: "プロセス",
    host: "マシン",
    role: "役割",
    version: "バージョン",
    busy: "処理中",
    since: "起動",
    seen: "最終確認",
    none: "直近1分間に報告したプロセスはありません。",
    noneText: "更新待ちがあるのに何も実行されていない場合は、ワーカーを起動してください：analytics serve --role worker",
    roles: { all: "すべて", web: "Web画面", worker: "ワーカー", scheduler: "スケジューラー" },
    busyOf: (running, capacity) => `${running} / ${capacity}`,
    other: "応答したプロセスとは別のバージョンです",
  },

  budgets: {
    title: "共有の上限",
    scope: "単位",
    app: "アプリ全体",
    used: "使用",
    of: (used, allowed) => `${used} / ${allowed}`,
    parked: "休止の期限",
    none: "使用中の上限や休止はありません。",
  },
};

const dictionaries: Record<Language, OperationsWords> = { en: operationsEn, ja: operationsJa };

/** As `words`, for the operators' page. */
export const operationsWords = computed<OperationsWords>(() => dictionaries[language.value]);
