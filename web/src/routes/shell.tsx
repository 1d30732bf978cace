// The frame of every signed-in page: the rail, the quiet connection bar, the palette and the help of keys.
import { useMantineColorScheme } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { live } from "@/api/live.ts";
import { useMe } from "@/api/me.ts";
import { useFavouriteNews } from "@/features/clients/favourite-news.ts";
import { Offers } from "@/features/routing/offers.tsx";
import { useActivity } from "@/features/routing/use-activity.ts";
import { setLocale } from "@/i18n/index.ts";
import { ZoneProvider } from "@/ui/time.tsx";
import { useKeys } from "@/ui/use-keys.ts";
import { ConnectionBar } from "./connection-bar.tsx";
import { useGoTo } from "./go-to.ts";
import { KeysHelp } from "./keys-help.tsx";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import styles from "./shell.module.css";

export function Shell() {
  const me = useMe();
  const { setColorScheme } = useMantineColorScheme();
  const [helpOpened, setHelpOpened] = useState(false);
  const [paletteOpened, setPaletteOpened] = useState(false);
  const goTo = useGoTo();
  useFavouriteNews();

  useEffect(() => setColorScheme(me.theme), [me.theme, setColorScheme]);
  useEffect(() => void setLocale(me.locale), [me.locale]);
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, []);
  useActivity();
  useKeys({
    "?": () => setHelpOpened(true),
    "mod+k": () => setPaletteOpened((opened) => !opened),
    ...Object.fromEntries(goTo.map((place) => [place.keys, place.go])),
  });

  return (
    <ZoneProvider zone={me.time_zone}>
      <div className={styles.shell}>
        <Rail onHelp={() => setHelpOpened(true)} onPalette={() => setPaletteOpened(true)} />
        <div className={styles.main}>
          <ConnectionBar />
          <div className={styles.page}>
            <Outlet />
          </div>
        </div>
      </div>
      <Offers />
      <KeysHelp opened={helpOpened} onClose={() => setHelpOpened(false)} />
      <Palette
        opened={paletteOpened}
        onClose={() => setPaletteOpened(false)}
        onHelp={() => setHelpOpened(true)}
      />
    </ZoneProvider>
  );
}
