// Which columns are open, remembered in this browser. Until somebody decides, the width of the window does.
import { useMediaQuery } from "@mantine/hooks";
import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "@/lib/storage.ts";

type Column = "lists" | "panel";
type Choice = Partial<Record<Column, boolean>>;

const key = "otklik.columns";
let choice = readStored<Choice>(key, {});
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Columns {
  phone: boolean;
  lists: boolean;
  panel: boolean;
  toggle: (column: Column) => void;
}

export function useColumns(): Columns {
  const phone = useMediaQuery("(max-width: 820px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const wide = useMediaQuery("(min-width: 1440px)", undefined, { getInitialValueInEffect: false }) ?? true;
  const roomy = useMediaQuery("(min-width: 1180px)", undefined, { getInitialValueInEffect: false }) ?? true;
  const chosen = useSyncExternalStore(subscribe, () => choice);
  const open = { lists: chosen.lists ?? wide, panel: chosen.panel ?? roomy };
  return {
    phone,
    ...open,
    toggle: (column) => {
      choice = { ...choice, [column]: !open[column] };
      writeStored(key, choice);
      for (const listener of listeners) listener();
    },
  };
}
