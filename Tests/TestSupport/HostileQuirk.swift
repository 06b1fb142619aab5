/// One thing a server does otherwise than the books say; each is a switch of ``HostileServer``. The
/// list is that of "Known server behaviour" of the sync design; HostileServerTests see that none of
/// them is dead. Rolling back, wiping, mixing, cloning and tearing are not switches but calls of
/// the server.
package enum HostileQuirk: String, Sendable, CaseIterable {
  // ETags and conditions.
  case etagAbsent, etagWeak, etagWeakThenStrong, etagGzipSuffix, etagStaleAfterPut, etagUnquoted
  case etagSameWithinSecond, staleNotModified
  case conditionsIgnored, conditionsRefused412, conditionsRefused400
  // MKCOL of what exists; PUT without a parent.
  case mkcol405, mkcol406, mkcol409, mkcol423, mkcol301
  case noParent404, noParent409, noParent403, noParent424, noParent500
  // Hrefs of a listing.
  case hrefAbsolute, hrefRelative, hrefReencoded, hrefWithoutSlash, hrefOtherPrefix, hrefOtherRoot
  case hrefOutside
  // What is not there.
  case missing207, missing200Text, missing300, missing401, missing403, missing410, missing422
  case loginPage
  // Later, please: the first two answers to each method.
  case busy408, busy423, busy425, busy429, busy500, busy503
  case busy423RetryAfter, busy429RetryAfter, busy503RetryAfter, busyRetryAfterDate
  // Listings.
  case listingCut, listingShort, listingDuplicated, listingRefused405, listingRefused403
  case depthIgnored, listingWithEntities, listingDeep
  // Redirects.
  case redirect301, redirect302, redirect307, redirect308, redirectOtherHost, redirectLoop
  case redirectOtherPort, redirectLogin, redirectDropsLogin
  // The wire.
  case expect417, chunkedStoredEmpty, digestStoresBeforeCheck
  case closedOnReuse, closedWithoutAnswer, duplicatedAnswer, cutInHeaders, slowLoris
  case oversizedHeader, oversizedBody, encodedUnasked, delayedAnswer, reorderedAnswers
  // Files while they are written.
  case partialDuringPut, truncatedPutVisible, cleanPrefix, mixedVersions
  case fewerBytesThanPromised, tornHangs
  // Lies about writing and reading.
  case fullAnswered201, putFailedButStored, putNotStored, staleReads
  // Refusals.
  case tooLarge413, full507, readOnly403, forbiddenWithoutChallenge, move502

  /// Whether what is written is read back, what is missing says so and the listing is whole, in
  /// spite of the quirk: the contract suite then runs over it unchanged.
  package var keepsContract: Bool {
    switch self {
    case .missing200Text, .loginPage, .hrefOutside, .listingCut, .listingShort,
      .listingRefused405, .listingRefused403, .listingWithEntities, .listingDeep,
      .redirectOtherHost, .redirectLoop, .redirectOtherPort, .redirectLogin,
      .closedWithoutAnswer, .duplicatedAnswer, .cutInHeaders, .slowLoris, .oversizedHeader,
      .oversizedBody,
      .encodedUnasked, .truncatedPutVisible, .cleanPrefix, .mixedVersions,
      .fewerBytesThanPromised, .tornHangs, .fullAnswered201, .putFailedButStored, .putNotStored,
      .staleReads, .tooLarge413, .full507, .readOnly403, .forbiddenWithoutChallenge:
      false
    default: true
    }
  }

}
