/// `shelf help sync`
enum SyncHelp {
  static let text = """
    SYNC keeps the same list on every machine, through a folder that all of them reach: WebDAV, plain
    HTTP, S3, or a folder that something else carries around.

    Nothing you did is lost: each machine writes only files of its own there, edits of different
    things both stay, and an edit that loses to another one is kept and shown by `shelf conflicts`.

    ON EVERY MACHINE, once
      shelf remote add home https://dav.example.org/papershelf/ --user me --password-file F
      shelf sync

    Passwords live in a file that only you can read (chmod 600), in a command (--password-command),
    or in ~/.netrc. --encrypt --passphrase-file F seals everything: the server sees sizes and times.

    THEN
      shelf sync                 with every remote; --dry-run lists what would come and go
      shelf conflicts            what lost to another machine's edit; restore N takes it back
      shelf sync --watch         goes on: sends each change at once, looks every few seconds
      [sync] auto = true         in config.toml: what you do is sent by itself, in the background
      shelf sync devices         the machines; `shelf sync retire NAME` when one is gone
      shelf sync verify          checks every byte there; `shelf sync repair` sends what it lacks
      shelf sync join NAME       when the folder was lost and another machine set it up again
      shelf sync rekey NAME      another passphrase
      shelf remote test          what the server can do

    Old files stay until every machine has them; one that has not synced for sixty days is named, and
    waited for no longer. It loses nothing when it comes back.

    A cache before the server (nginx, Varnish, Squid, HAProxy) is noticed, and asked past.
    """
}
