// swift-tools-version: 6.2
import PackageDescription

// The arrows between targets are the table in Sources/ARCHITECTURE.md; ArchitectureTests compare the
// `import` lines under Sources/ with it, because SwiftPM lets a transitive import compile.

/// Swift 6 mode (complete concurrency checking) is the default of these tools; warnings are errors
/// for our own targets only.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // What reads and writes JSON for a register is compiled for it although it stands in another module:
  // a tenth of an export.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// How the release starts faster: at a fixed address, so that there are no 100,000 relocations to do
/// and no pages to copy for them; with the C++ runtime inside (.link), so that no symbols of
/// it are looked up; without what nobody calls, and without names for libraries that ask for ours.
/// Without Foundation proper and its 34 MB of locale data: TOMLKit imports it, uses only what is in
/// FoundationEssentials, and would still link all of it, for one descriptor that both hold.
let lean: [LinkerSetting] = [
  .unsafeFlags(
    ["-use-ld=lld", "-L\(Context.packageDirectory)/.link"]
      + ["-no-pie", "-static-libgcc"].flatMap { ["-Xclang-linker", $0] }
      + [
        "--as-needed", "--gc-sections", "--icf=safe", "--no-export-dynamic",
        "--remap-inputs=*/libFoundation.a=/dev/null",
      ]
      .flatMap { ["-Xlinker", $0] }, .when(configuration: .release))
]

let package = Package(
  name: "papershelf",
  products: [.executable(name: "shelf", targets: ["shelf"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
  ],
  targets: [
    .target(name: "URLText", swiftSettings: strict),
    .target(name: "Disk", swiftSettings: strict),
    .target(name: "Papers", dependencies: ["URLText"], swiftSettings: strict),
    .target(name: "JSONText", dependencies: ["Papers"], swiftSettings: strict),
    .target(name: "Filters", dependencies: ["Papers"], swiftSettings: strict),
    .target(name: "Taste", dependencies: ["Filters"], swiftSettings: strict),
    .target(
      name: "Digests", dependencies: ["URLText", "Papers", "JSONText", "XMLText"],
      swiftSettings: strict),
    .target(
      name: "Arrivals", dependencies: ["URLText", "Papers", "JSONText", "XMLText"],
      swiftSettings: strict),
    .target(
      name: "Changes", dependencies: ["Papers", "JSONText", "Filters"], swiftSettings: strict),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Sealing",
      dependencies: [
        "Papers", "JSONText", "Changes", "CZlib", "CCrypto",
      ],
      swiftSettings: strict),
    .target(name: "CLzma", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "Archives", dependencies: ["CZlib", "CLzma"], swiftSettings: strict),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "Store",
      dependencies: ["URLText", "Disk", "Papers", "JSONText", "Filters", "Changes", "CSQLite"],
      swiftSettings: strict),
    .target(name: "CArguments"),
    .systemLibrary(name: "CAllocator"),
    .target(name: "CDetach"),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CExpat", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "XMLText", dependencies: ["CExpat"], swiftSettings: strict),
    .target(
      name: "Transport", dependencies: ["URLText", "Disk", "XMLText", "CCurl"],
      swiftSettings: strict),
    .target(
      name: "Sync", dependencies: ["Changes", "Sealing", "Store", "Transport"],
      exclude: ["FORMAT.md"],
      swiftSettings: strict),
    .executableTarget(
      name: "shelf",
      dependencies: [
        "URLText", "Disk", "Archives", "Papers", "JSONText", "Filters", "Digests", "Arrivals",
        "Changes", "Sealing", "Store", "Taste", "Transport", "Sync", "CArguments", "CAllocator",
        "CDetach",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict, linkerSettings: lean),

    .target(
      name: "TestSupport",
      dependencies: ["CZlib", "Papers", "Filters", "Changes", "Sealing", "Store", "Transport"],
      path: "Tests/TestSupport", swiftSettings: strict),
    // Beside TestSupport, which executables link, too: they have no library of tests.
    .target(
      name: "TransportContract", dependencies: ["Transport", "TestSupport"],
      path: "Tests/TransportContract", swiftSettings: strict),
    .target(
      name: "Simulator",
      dependencies: ["Papers", "Changes", "Sealing", "Store", "Transport", "Sync", "TestSupport"],
      path: "Tests/Simulator", swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["Simulator", "Store"], path: "Tests/simulate",
      swiftSettings: strict),
    .testTarget(
      name: "URLTextTests", dependencies: ["URLText", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DiskTests", dependencies: ["Disk", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ArchivesTests", dependencies: ["Archives", "CZlib", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "DigestsTests", dependencies: ["Papers", "Changes", "Digests", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TasteTests", dependencies: ["Taste", "TestSupport"], swiftSettings: strict),
    .executableTarget(
      name: "rank", dependencies: ["Taste"], path: "Tests/rank",
      swiftSettings: strict),
    .testTarget(
      name: "PapersTests", dependencies: ["Papers", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SourceTests",
      dependencies: [
        "shelf", "Arrivals", "Papers", "Store", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ChangesTests", dependencies: ["Changes", "Papers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ArchitectureTests",
      dependencies: [
        "shelf", "Papers", "JSONText", "Filters", "Digests", "Changes", "Store", "Transport",
        "Sync", "TransportContract", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "MigrationProbe", dependencies: ["Store"], path: "Tests/MigrationProbe",
      swiftSettings: strict),
    .testTarget(
      name: "ProcessTests", dependencies: ["TestSupport", "Transport", "shelf", "MigrationProbe"],
      swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Store", "Changes", "Filters", "JSONText", "Papers", "CSQLite", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "OutputTests",
      dependencies: [
        "shelf", "Papers", "Changes", "Store", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["shelf", "Papers", "Transport", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TransportTests", dependencies: ["Transport", "TransportContract", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SyncTests",
      dependencies: [
        "Sync", "Transport", "Store", "Sealing", "Changes", "Papers", "CCrypto", "CZlib",
        "TestSupport", "Simulator",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Simulator", "Store", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InteropTests", dependencies: ["Transport", "TestSupport", "shelf"],
      swiftSettings: strict),
  ]
)
