// All texts of this language, one file a feature.
const files = import.meta.glob<object>("./*.json", { eager: true, import: "default" });

export const texts: Record<string, object> = Object.fromEntries(
  Object.entries(files).map(([path, bundle]) => [path.slice(2, -".json".length), bundle]),
);
