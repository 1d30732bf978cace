/** Where to go after sign-in: only a path of this site, so that a link cannot send people elsewhere. */
export function localPath(next: string | undefined): string {
  if (!next?.startsWith("/") || /^\/[/\\]/.test(next) || /[\t\r\n]/.test(next)) return "/";
  return next;
}
