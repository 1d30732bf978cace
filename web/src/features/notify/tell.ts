// Whether a page sounds and pops up for something new. Pure, so that every case is a test.

export interface News {
  id: string;
  conversation_id: string | null;
  sound: string | null;
  desktop: boolean;
}

interface Situation {
  /** This page is the one of the browser's pages that tells. */
  speaks: boolean;
  /** Where the person is looking: the paths of the pages with the focus, none when in another program. */
  looked: readonly string[];
}

export function whatToDo(news: News, { speaks, looked }: Situation): { sound: boolean; desktop: boolean } {
  const seen =
    news.conversation_id !== null && looked.some((path) => path.endsWith(`/${news.conversation_id}`));
  // What is on the screen need not be told; whoever is in Otklik hears the sound and sees the bell.
  if (!speaks || seen) return { sound: false, desktop: false };
  return { sound: news.sound !== null, desktop: news.desktop && looked.length === 0 };
}
