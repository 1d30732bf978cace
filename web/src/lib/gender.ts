// Russian verbs in the past agree with the person: "Анна взяла", "Игорь взял". The name tells, when it is a Russian one.

const menInA = new Set([
  "никита",
  "илья",
  "кузьма",
  "фома",
  "лука",
  "савва",
  "данила",
  "миша",
  "саша",
  "паша",
  "юра",
  "гоша",
  "лёша",
  "леша",
  "коля",
  "толя",
  "петя",
  "ваня",
  "костя",
  "дима",
  "серёжа",
  "сережа",
]);

export function gender(name: string): "female" | "male" {
  const words = name
    .toLowerCase()
    .split(/[\s-]+/)
    .filter(Boolean);
  if (words.some((word) => /(вна|чна|кызы)$/.test(word))) return "female";
  if (words.some((word) => /(вич|ич|оглы)$/.test(word))) return "male";
  if (words.length > 1) {
    if (words.some((word) => /(ова|ева|ёва|ина|ына|ская|цкая|ная)$/.test(word))) return "female";
    if (words.some((word) => /(ов|ев|ёв|ин|ын|ский|цкий|ий|ный)$/.test(word))) return "male";
  }
  const first = words[0] ?? "";
  return /[ая]$/.test(first) && !menInA.has(first) ? "female" : "male";
}
