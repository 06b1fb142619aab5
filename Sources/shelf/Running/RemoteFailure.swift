import Changes
import Sealing
import Sync
import Transport

extension Failure {
  /// Trouble on the way to a remote folder, in words.
  init(transport error: TransportError) {
    let place = "\(error.method) \(error.url)" + (error.status.map { " answered \($0)" } ?? "")
    let detail = error.detail.isEmpty ? "" : ": " + error.detail
    let (status, what, advice) =
      error.reason.map(Self.words)
      ?? (error.isOfFolder ? Self.words(ofFolder: error.kind) : Self.words(error.kind))
    self.init(status, "\(what) (\(place)\(detail))", advice: advice)
  }

  /// A network that wants a login answers in the server's place.
  private static let networkAdvice =
    "open any page in a browser: does the network want you to log in?"

  /// What an answer gave as its reason.
  private static func words(
    _ reason: TransportError.Reason
  ) -> (ExitStatus, String, String) {
    switch reason {
    case .otherRegion(let region):
      (
        .configuration, "the bucket is in another region" + (region.map { ", \($0)" } ?? ""),
        "set region\(region.map { " = \"\($0)\"" } ?? "") for the remote: shelf config edit"
      )
    case .clockSkewed:
      (
        .refused, "the clock of this machine and that of the server are too far apart",
        "set the clock (timedatectl), then sync again; what you do is kept"
      )
    case .noRight:
      (
        .refused, "the key is known there, and has no right to do this",
        "it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject on the bucket"
      )
    case .unknownKey:
      (
        .refused, "nobody there has this access key",
        "user is the access key, the password its secret key: shelf config edit"
      )
    case .wrongSignature:
      (
        .refused, "the secret key is not that of the access key",
        "look at password_file or password_command of the remote: shelf config edit"
      )
    case .noBucket:
      (
        .configuration, "there is no such bucket",
        "make it at the provider, or mend the url: shelf config edit"
      )
    case .noBucketNamed:
      (
        .configuration, "the address names no bucket",
        "write s3+https://host/bucket/folder/ as the url: shelf config edit"
      )
    case .quota:
      (
        .cannotWrite, "your quota on the server is used up",
        "make room there or raise it, then sync again; what you do is kept"
      )
    case .webPage:
      (
        .unreachable, "a web page came in place of the files",
        "\(networkAdvice) else look at the url"
      )
    case .redirected:
      (
        .refused, "the answer leads to another place, where nothing of yours is sent",
        "\(networkAdvice) if the folder moved, set its new url: shelf config edit"
      )
    case .address:
      (
        .refused, "the address is not used as it is",
        "write https://host/folder/ alone; user and password by --user and --password-file"
      )
    case .expiredCertificate:
      (
        .refused, "the server's certificate has expired",
        "who runs the server must renew it; is the clock of this machine right (timedatectl)?"
      )
    case .earlyCertificate:
      (
        .refused, "the server's certificate is not valid yet",
        "the clock of this machine may be behind: look at it with timedatectl, then sync again"
      )
    case .otherName:
      (
        .refused, "the server's certificate is for another name",
        "look at the host in the url; if it is right, \(networkAdvice)"
      )
    case .authorityFile:
      (
        .configuration, "there is no certificate in the file of those to trust",
        "look at ca_file: shelf config edit; where none is set, install the package ca-certificates"
      )
    case .noHTTP:
      (
        .unreachable, "what answers there is no web server, or a broken one",
        "look at the url: are its host and port those of the server, and is it http or https?"
      )
    case .serverFault:
      (
        .unreachable, "the server has a fault of its own",
        "its log says more, to who runs it; what you do is kept and goes with a later sync"
      )
    case .notBefore(let seconds):
      (.busy, "the server asks us to come back later", "again \(World.moment(seconds))")
    case .tooLarge:
      (
        .unreachable, "the answer is larger than it can be",
        "is the address that of the folder itself? a login page or a proxy may stand before it"
      )
    case .requestTooLarge:
      (
        .cannotWrite, "the server takes no single request as large as this",
        """
        raise that limit there (nginx: client_max_body_size; Apache: LimitRequestBody), then sync \
        again; what you do is kept
        """
      )
    case .oldAnswer:
      (
        .unreachable, "what was just stored came back as it was before: a cache stands between",
        """
        switch it off for this folder (nginx: proxy_cache off; Varnish: return (pass)), or give an \
        address that does not lead through it
        """
      )
    case .becameLink:
      (
        .refused, "the folder became a link to one that is empty; it was not filled",
        "if that is meant: shelf remote remove it, and add it again"
      )
    case .otherFileSystem:
      (
        .refused, "the folder is on another file system than before, and empty; it was not filled",
        "is its disk mounted? if that is meant: shelf remote remove it, and add it again"
      )
    }
  }

  /// Trouble with a folder of this machine.
  private static func words(
    ofFolder kind: TransportError.Kind
  ) -> (ExitStatus, String, String) {
    switch kind {
    case .unreachable:
      (
        .unreachable, "the folder is not there",
        "is its disk or stick plugged in and mounted? what you do is kept and goes with the next sync"
      )
    case .unauthorized:
      (.refused, "the folder may not be read", "look at who it belongs to and its rights: ls -ld")
    case .readOnly:
      (
        .cannotWrite, "the folder may not be written",
        "look at who it belongs to and its rights, and how its disk is mounted"
      )
    case .full: (.cannotWrite, "the disk of the folder has no room", "make room there, then again")
    case .garbled:
      (
        .inputOutput, "a file in the folder is not what it should be",
        "is it a folder that only Papershelf writes to?"
      )
    case .refusedByUs:
      (.refused, "the folder is not used, to keep your papers safe", "look at what it is now")
    case .tls, .handshake, .busy, .local:
      (.inputOutput, "the folder cannot be used", "look at the disk it is on")
    }
  }

  private static func words(
    _ kind: TransportError.Kind
  ) -> (ExitStatus, String, String) {
    switch kind {
    case .unreachable:
      (
        .unreachable, "the server does not answer",
        "look at the address and the network; what you do is kept and goes with the next sync"
      )
    case .unauthorized:
      (
        .refused, "the server does not take who you are",
        "look at user, password and auth of the remote: shelf config edit, then shelf remote test"
      )
    case .tls:
      (
        .refused, "the server's certificate is not trusted",
        """
        \(networkAdvice) for a private authority give its certificate: --ca-file, or ca_file in \
        config.toml
        """
      )
    case .handshake:
      (
        .refused, "no safe connection (TLS) came about",
        "is https spoken at this address, and does it ask for a client certificate? else sync again"
      )
    case .readOnly:
      (
        .cannotWrite, "the server does not let us write",
        "look at the rights of the folder on the server; is WebDAV or PUT switched on?"
      )
    case .full: (.cannotWrite, "the server has no room", "make room there, then sync again")
    case .garbled:
      (
        .unreachable, "the answer is not what it should be",
        "is the address that of the folder itself? a login page or a proxy may stand before it"
      )
    case .busy: (.busy, "the server asks us to come back later", "sync again in a while")
    case .refusedByUs:
      (
        .refused, "not done, to keep your password and papers safe",
        "use https, or say allow_insecure = true for this remote if you know the network"
      )
    case .local:
      (.inputOutput, "trouble on this machine", "look at the file or folder it names")
    }
  }

  /// Why a sync stopped, in words.
  init(sync error: SyncError) {
    switch error {
    case .header(let error): self.init(folder: error)
    case .noCryptography(let trouble):
      self.init(
        .inputOutput, "OpenSSL's libcrypto cannot be used: \(trouble)",
        advice: "install it (Debian package libssl3), then sync again")
    case .notStored(let file):
      self.init(
        .cannotWrite, "\(file) was said to be stored, and comes back as something else",
        advice: """
          is its disk full, or does a cache stand between (nginx, Varnish, a CDN)? what you did is \
          kept here; `shelf remote test` says more
          """)
    case .neverWritten(let file):
      self.init(
        .unreachable, "the server shows \(file), which nobody can have written",
        advice: """
          does a cache, or a page that answers for every name, stand between? look at the address; \
          what you did is kept here and goes with the next sync
          """)
    case .contended:
      self.init(
        .busy, "the folder was another one each time we looked; what you did is kept here",
        advice: """
          another copy of this library may sync at the same time: sync again, and if two machines \
          share one home folder, give each its own
          """)
    case .passphraseChanged(let isRace):
      self.init(
        .refused,
        isRace
          ? "another machine changed the passphrase at the same time, and its change holds; nothing was written"
          : "the passphrase of the folder was changed on another machine; nothing was written",
        advice: "put the new one where passphrase_file or passphrase_command of the remote points")
    case .noSuchMachine(let name):
      self.init(
        .notFound, "no other machine is called “\(name)”",
        advice: "`shelf sync devices` lists them; name it as it stands there, or by its id")
    case .severalMachines(let name, let ids):
      self.init(
        .notFound, "\(ids.count) machines are called “\(name)”: \(ids.joined(separator: ", "))",
        advice: "`shelf sync devices` shows what each has; name one by its id or its first digits")
    }
  }

  private init(folder error: SegmentError) {
    switch error {
    case .wrongPassphrase:
      self.init(
        .refused, "the passphrase is not the one this folder is sealed with; nothing was written",
        advice: "look at passphrase_file or passphrase_command of the remote")
    case .passphraseNeeded:
      self.init(
        .configuration, "the folder is sealed with a passphrase",
        advice: "set encrypt = true and passphrase_file for the remote: shelf config edit")
    case .notEncrypted:
      self.init(
        .configuration, "the folder is not sealed, but the remote says encrypt = true",
        advice: "seal it with `shelf sync rekey NAME --passphrase-file F`, or take encrypt out")
    case .webPage:
      self.init(
        .unreachable,
        "this is no Papershelf folder: a web page came in its place; nothing was written",
        advice: """
          \(Self.networkAdvice) else give the address of an empty folder, or of the one your other \
          machines use
          """)
    case .notPapershelf:
      self.init(
        .badInput, "this is no Papershelf folder: something else stands there; nothing was written",
        advice: "give the address of an empty folder, or of the one your other machines use")
    case .otherLibrary, .otherKey, .misplaced:
      self.init(
        .badInput, "the folder belongs to another library; nothing was written",
        advice: """
          was it lost, and has another of your machines set it up again? then `shelf sync join NAME` \
          makes one list of both; else give the address of the folder your machines use
          """)
    case .newerFormat(let format):
      self.init(
        .configuration, "the folder is of a newer Papershelf (format \(format))",
        advice: "install the newer version on this machine too")
    case .damaged:
      self.init(
        .inputOutput, "the folder's first file, papershelf, is damaged or missing",
        advice:
          "`shelf sync repair` on a machine that shares the folder already, then sync here")
    case .forged:
      self.init(
        .refused, "the folder's first file, papershelf, is not as your machines wrote it",
        advice: """
          somebody may have changed it, and nothing was written; if the passphrase was changed twice \
          meanwhile by an older Papershelf: `shelf sync join NAME`
          """)
    case .unsafeParameters:
      self.init(
        .refused, "the folder asks for a key derivation that is too weak or too costly to be ours",
        advice: "somebody may have changed the folder; nothing was written")
    }
  }
}

/// What a sync tells besides numbers.
enum SyncWords {
  static func line(_ problem: SyncProblem) -> String {
    switch problem {
    case .unreadable(let file, let machine, let error):
      "\(file) of \(machine) \(words(error)); the next sync asks for it again"
    case .unreachable(let file, let error):
      "\(file) could not be fetched: \(Failure(transport: error).message)"
    case .untaken(let file, let machine, let changes):
      (changes.map { "\(Words.number($0, "change")) of \(machine), in \(file)," }
        ?? "\(file) of \(machine)")
        + " cannot be taken by this version; everything else was; update shelf; if that does not help, "
        + "\(machine) sent what no version takes: was it you?"
    case .contradicted(let file, let machine, let changes):
      "\(file) of \(machine) contradicts \(Words.number(changes, "change")) known here, under the same stamps: "
        + "two copies of a machine wrote at once, or somebody with the passphrase lies; what was here first stays"
    case .crowded(let key, let machine):
      "\(machine) said more of \(key), of which more was said than is looked at: of each machine only its "
        + "newest changes hold, the others are kept; was it you? shelf log \(key)"
    case .gap(_, let machine, let missing):
      "the log of \(machine) misses its segment \(missing); its machine sends it again when it syncs"
    case .withheld(let machine, let missing, let reader, let read):
      "the folder does not show the segment \(missing) of \(machine); \(reader) has read its log up to \(read): "
        + "the server lost files, was set back, or withholds them"
    case .hint(let file, let machine, let error):
      "\(file) \(error.map(words) ?? "is not there"); `shelf sync repair` "
        + (machine.map { "on \($0) " } ?? "") + "writes it again"
    case .more(let count): "and \(count) more of such kinds"
    case .unnamed:
      "the folder did not keep this machine's name in peers, by which others find what it sends; sync again"
    }
  }

  static func line(_ notice: SyncNotice) -> String {
    switch notice {
    case .founded: "the folder was empty; it is set up now"
    case .refilled(let count):
      "the folder had lost \(Words.number(count, "file")) of this machine; sent again"
    case .rolledBack(let machine):
      "the folder shows less of \(machine) than before: its server lost files or was set back"
    case .rewritten(let machine):
      "the log of \(machine) is not the one seen before: it was restored, or two copies of it run; "
        + "`shelf sync verify` says whether anything is missing there"
    case .newIdentity:
      "this library is a copy, or was restored: from now on it is a machine of its own"
    case .clockAhead(let machine, let milliseconds):
      "the clock of \(machine) is \(duration(milliseconds)) ahead of ours"
    case .moreClocksAhead:
      "so are those of more machines; some may be none, but ids that somebody made up"
    case .needsNewerVersion(let changes):
      "\(Words.number(changes, "change")) of a newer Papershelf are kept until this one is updated"
    case .rekeyed: "the passphrase of the folder was changed on another machine"
    case .rekeyingLost:
      "another machine changed the passphrase at the same time; its passphrase holds"
    case .formerPassphrase:
      "the passphrase is no UTF-8, and an older Papershelf sealed the folder with less than all of it; "
        + "`shelf sync rekey NAME --passphrase-file F` with the same file seals it with the whole"
    case .compacted(let from, let to):
      "\(Words.number(from, "small file")) of this machine became \(to)"
    case .waitedLong(let machine):
      "\(machine) has not synced for sixty days, and old files stay no longer for it; "
        + "it loses nothing when it comes back"
    case .sameFolder(let name):
      "this is the folder of the remote \(name) by another address; both are one from now on"
    case .crowd(let left):
      "the folder names \(Words.number(left, "machine")) more than are asked in one sync; "
        + "sync again until this is told no more"
    case .listingHides:
      "the server's listing does not show the files that are there; they are asked for by name"
    case .foundingLost: "another machine set the folder up at the same moment; its setup holds"
    }
  }

  private static func words(_ error: SegmentError) -> String {
    switch error {
    case .damaged, .notPapershelf, .webPage: "is not whole"
    case .otherLibrary: "belongs to another library"
    case .otherKey: "is sealed under an older passphrase"
    case .misplaced: "stands under a name that is not its own"
    case .newerFormat: "is of a newer Papershelf"
    case .wrongPassphrase, .passphraseNeeded, .notEncrypted, .unsafeParameters, .forged:
      "cannot be opened"
    }
  }

  /// `3 hours`
  static func duration(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<120: return "\(seconds) seconds"
    case ..<7200: return "\(seconds / 60) minutes"
    case ..<172_800: return "\(seconds / 3600) hours"
    case ..<63_072_000: return "\(seconds / 86_400) days"
    default: return "\(seconds / 31_536_000) years"
    }
  }
}
