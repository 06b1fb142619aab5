import Simulator
import TestSupport
import Testing

/// Short lives that once broke a promise, each shrunk from a seed.
@Suite struct RegressionTests {
  static let lives: [(name: String, seed: UInt64, devices: Int, lists: Bool, steps: [Step])] = [
    (
      "the list of devices is lost with a plain server's folder", 38, 4, false,
      [.sync(1), .sync(0), .sync(2), .sync(3), .rollback]
    ),
    ("dies before it knows that it is listed", 31, 4, true, [.crashingSync(0, .commit(3))]),
    (
      "a twin that only reads", 53, 4, false,
      [.clone(1, told: false), .edit(1, .tag, 958_616)]
    ),
    (
      "a restored machine that only reads", 55, 3, false,
      [.backup(1), .edit(1, .add, 863_519), .interleavedSync(1, 0, at: 3), .restore(1)]
    ),
    (
      "retired, and its peer's log was put together", 88, 2, false,
      [
        .edit(0, .future, 643_419), .sync(0), .sync(1), .retire(0, 1),
        .crashingSync(0, .request(10)),
        .edit(0, .undo, 951_491), .sync(0), .edit(0, .note, 718_087),
      ]
    ),
    (
      "a twin whose log the other put together", 107, 2, true,
      [
        .edit(1, .future, 118_328), .sync(1), .retire(1, 0), .sync(1), .clone(1, told: false),
        .edit(1, .undo, 629_572), .sync(1), .edit(1, .content, 354_892),
      ]
    ),
    (
      "a plain server set back while nobody has news", 135, 3, false,
      [
        .edit(1, .note, 73_487), .sync(2), .crashingSync(1, .request(19)), .edit(1, .undo, 767_141),
        .snapshot, .sync(0), .sync(1), .rollback,
      ]
    ),
    (
      "two set up one folder, the first with nothing to send", 1397, 3, false,
      [.interleavedSync(1, 2, at: 1), .edit(0, .view, 780_421)]
    ),
    (
      "a twin from before the first sync", 188, 3, true,
      [
        .clone(2, told: false), .edit(2, .add, 806_994), .sync(2), .edit(2, .tag, 938_649),
        .interleavedSync(2, 0, at: 8), .edit(2, .view, 561_607), .sync(2),
        .edit(2, .undo, 860_379), .sync(2),
      ]
    ),
    (
      "another sets the folder up between a look and a listing", 321, 3, true,
      [.interleavedSync(1, 2, at: 1)]
    ),
    (
      "the header of who set up first is lost, and it has no more to send", 5386, 2, true,
      [.edit(1, .amend, 526_141), .interleavedSync(0, 1, at: 2)]
    ),
    (
      "a wiped server tears the header that is put back", 3316, 2, false,
      [
        .edit(0, .renameTag, 101_890), .sync(0), .edit(0, .note, 345_079), .sync(0), .wipe,
        .crashingSync(0, .request(3)), .sync(0),
      ]
    ),
    (
      "a twin that remembers the same segment about to be written", 3475, 3, false,
      [
        .edit(0, .tag, 351_902), .sync(2), .crashingSync(0, .commit(8)),
        .edit(0, .amend, 133_159), .clone(0, told: false), .edit(0, .renameView, 397_907),
        .sync(0), .edit(0, .untag, 559_253),
      ]
    ),
    (
      "dies while it puts the header of a wiped folder back", 1305, 3, false,
      [
        .sync(1), .faults(20), .edit(2, .star, 462_955), .sync(0), .sync(2),
        .interleavedSync(2, 0, at: 7), .wipe, .crashingSync(2, .request(4)),
      ]
    ),
    (
      "dies while it puts the header back, and nobody has anything to send", 1214, 3, true,
      [
        .edit(2, .add, 442_868), .edit(1, .add, 447_136), .sync(1), .crashingSync(2, .request(14)),
        .edit(1, .add, 50_234), .edit(2, .view, 963_409), .sync(2), .sync(0), .faults(300), .wipe,
        .sync(1), .sync(1),
      ]
    ),
    (
      "another header comes over a folder where this one only read", 1358, 3, false,
      [.edit(1, .content, 987_440), .sync(0), .faults(300), .sync(1), .sync(2), .sync(1), .sync(0)]
    ),
    (
      "the list of devices tells of a start that is not stored", 1429, 2, false,
      [.edit(0, .view, 442_538), .sync(0), .faults(20), .crashingSync(1, .commit(5))]
    ),
    (
      "two processes of one home, and the list tells of a start that is not stored", 1100, 2, true,
      [.edit(0, .status, 146_908), .sync(0), .interleavedSync(0, 0, at: 2)]
    ),
    (
      "two processes of one home set up a plain folder at the same moment", 4730, 2, false,
      [.edit(0, .content, 787_838), .interleavedSync(0, 0, at: 1)]
    ),
    (
      "two processes of one home set up a folder at the same moment", 1100, 2, true,
      [.edit(0, .status, 146_908), .interleavedSync(0, 0, at: 2)]
    ),
    (
      "a folder set up twice, and one who sent under the header that was replaced is gone", 41830,
      4,
      false,
      [
        .sync(1), .edit(3, .view, 895_170), .sync(3), .sync(0), .faults(300), .sync(0), .sync(3),
        .crashingSync(2, .answer(5)), .lose(3),
      ]
    ),
    (
      "a listing that left a segment out once, before a crash", 73982, 2, true,
      [
        .sync(1), .faults(20), .sync(0), .crashingSync(1, .request(14)), .sync(1),
        .edit(1, .amend, 250_386), .crashingSync(1, .commit(5)), .crashingSync(0, .request(3)),
        .interleavedSync(1, 0, at: 7),
      ]
    ),
    (
      "a listing that left a segment out once", 90580, 2, true,
      [.edit(0, .status, 16_881), .sync(1), .sync(0), .sync(1), .faults(100), .sync(0)]
    ),
    (
      "back to before it joined, and the server is empty: it sets the folder up anew", 202_559, 2,
      true,
      [.backup(0), .sync(0), .edit(1, .bringIn, 300_541), .sync(1), .wipe, .restore(0)]
    ),
    (
      "a plain server did not keep the name of one that is gone", 311_721, 2, false,
      [.edit(1, .add, 389_210), .faults(300), .editingSync(1, .untag, 757_568, at: 3), .lose(1)]
    ),
    (
      "a machine died while it sent, and is gone: its torn segment is asked for in each sync",
      329_467, 3,
      true,
      [
        .edit(1, .view, 358_578), .edit(0, .tag, 828_984), .sync(0), .edit(2, .amend, 240_678),
        .sync(1), .edit(1, .add, 615_627), .crashingSync(2, .request(15)),
        .editingSync(1, .undo, 764_458, at: 11), .edit(0, .star, 198_156),
        .crashingSync(0, .request(13)), .lose(0),
      ]
    ),
    (
      "a header read without its last byte", 311_766, 3, true,
      [
        .crashingSync(0, .request(4)), .edit(0, .bringIn, 940_524), .faults(100), .sync(0),
        .sync(0),
        .sync(2),
      ]
    ),
    (
      "a log's later start is told but not there, and the log begins anew after the server was set back",
      2_029_414, 3, false,
      [
        .sync(1), .edit(2, .renameView, 135_260), .sync(0), .faults(300), .sync(2), .sync(2),
        .sync(0), .rollback,
      ]
    ),
    (
      "a list of devices that arrives once more after the server lost everything", 3_028_462, 2,
      false,
      [
        .faults(300), .sync(1), .crashingSync(1, .commit(5)), .edit(0, .amend, 965_948), .sync(0),
        .edit(1, .star, 645_879), .interleavedSync(1, 0, at: 6), .wipe,
        .crashingSync(0, .request(15)),
      ]
    ),
    (
      "a twin that never synced takes the torn segment of the other for its own", 41_045_424, 3,
      false,
      [
        .sync(1), .clone(0, told: true), .sync(0), .edit(1, .renameTag, 597_512), .faults(300),
        .edit(0, .add, 669_215), .crashingSync(1, .answer(5)), .crashingSync(1, .answer(0)),
        .sync(2), .sync(0), .edit(3, .content, 458_979),
      ]
    ),
    (
      "a copy never looks at what its original writes anew, when both it and the server were set back",
      40_046_080, 3, true,
      [
        .sync(2), .edit(2, .view, 419_269), .backup(2), .editingSync(2, .redo, 129_071, at: 2),
        .clone(2, told: true), .sync(0), .restore(2), .sync(1), .wipe, .edit(2, .undo, 392_167),
      ]
    ),
    (
      "a restored machine whose clock was set back too gives an edit the stamp of one it forgot",
      46_004_267, 4, false,
      [
        .sync(0), .retire(0, 3), .backup(0), .clock(0, -31_557_600_000), .sync(2), .sync(3),
        .edit(0, .renameTag, 864_093), .crashingSync(4, .request(1)), .crashingSync(0, .commit(6)),
        .sync(1), .restore(0), .wipe, .edit(0, .undo, 481_179),
      ]
    ),
    (
      "a plain server that lost everything shows an old segment, and only what comes after is sent",
      53_282_142, 2, false,
      [
        .sync(0), .edit(0, .content, 377_061), .edit(1, .renameView, 684_597), .faults(300),
        .sync(0), .crashingSync(1, .answer(19)), .edit(1, .content, 511_253), .wipe, .sync(1),
        .editingSync(1, .status, 185_512, at: 6),
      ]
    ),
    (
      "a twin takes another id, and with it gives its edits other stamps, while the person has one of them open",
      7, 2, true,
      [
        .edit(0, .note, 3), .sync(0), .sync(1), .clone(0, told: false), .edit(0, .amend, 3),
        .edit(0, .status, 4), .open(0, .amend, 12), .open(0, .status, 13), .edit(2, .tag, 1),
        .sync(2), .sync(0), .save(0), .save(0), .sync(0),
      ]
    ),
    (
      "a remote is removed with a segment about to be written, and added again", 31_000_000_063, 2,
      true, [.edit(1, .content, 612_029), .crashingSync(1, .answer(11)), .forget(1)]
    ),
    (
      "a remote is removed and added again, and its newest segment is damaged", 31_000_003_437, 2,
      false,
      [
        .sync(1), .edit(1, .note, 244_260), .interleavedSync(0, 0, at: 8), .sync(1), .rot(704_202),
        .forget(1),
      ]
    ),
    (
      "a server fails just when a machine looks whether it knows the folder", 32_000_000_251, 3,
      false,
      [
        .sync(0), .sync(1), .edit(0, .content, 635_773), .sync(2), .sync(1), .faults(100),
        .interleavedSync(0, 1, at: 6), .sync(0), .sync(2), .forget(0), .sync(0),
      ]
    ),
    (
      "a segment says to be of a newer format, and is damaged elsewhere too", 10_000_047_136, 2,
      false,
      [
        .editingSync(1, .tag, 407_521, at: 9), .edit(0, .renameTag, 10_285),
        .edit(0, .note, 498_016), .edit(0, .amend, 383_474), .sync(1),
        .editingSync(0, .content, 984_090, at: 3), .rollback, .edit(0, .tag, 441_538), .sync(0),
        .rot(539_689), .rot(896_417),
      ]
    ),
    (
      "believed a lying server's header, and the segments are of the one there", 33_000_004_867, 2,
      true,
      [
        .faults(300), .edit(1, .amend, 304_069), .sync(1), .sync(1),
        .crashingSync(1, .answer(18)), .lie(.otherLibrary, 3, 358_484), .sync(0), .sync(1),
      ]
    ),
    (
      "joined a library that a lying server chose near the one there", 20_000_100_229, 2, false,
      [
        .lie(.otherLibrary, 0, 20), .sync(0), .open(1, .amend, 397_433), .save(1),
        .crashingSync(1, .answer(2)), .sync(0),
      ]
    ),
    (
      "two complaints in a row that would make a head equally long", 20_000_055_957, 3, true,
      [
        .sync(2), .edit(2, .renameTag, 287_050), .lie(.withheld, 3, 775_409),
        .edit(2, .note, 746_656), .open(0, .eraseNote, 657_311), .edit(1, .settle, 849_697),
        .sync(2), .edit(0, .untag, 890_457), .edit(1, .eraseNote, 769_649), .sync(0), .save(0),
        .sync(1), .edit(0, .note, 449_031), .edit(2, .amend, 247_306), .sync(2), .rot(703_352),
      ]
    ),
    (
      "a repair passes on that a liar holds what is damaged", 50_000_010_071, 3, true,
      [
        .editingSync(2, .bringIn, 384_743, at: 2), .rot(931_032), .stranger(.covers, 592_500),
        .repair(1),
      ]
    ),
    (
      "who set the folder up in vain only looks", 50_000_006_428, 3, true,
      [.interleavedSync(2, 1, at: 2), .look(1)]
    ),
    (
      "who set a plain folder up in vain only looks", 50_000_011_010, 3, false,
      [.interleavedSync(0, 2, at: 2), .look(2)]
    ),
    (
      "what a digest said was left out for what is not here yet", 50_000_038_870, 2, true,
      [
        .edit(1, .bringIn, 244_324), .sync(1), .edit(1, .undo, 964_639),
        .interleavedSync(0, 1, at: 8), .edit(1, .amend, 817_882), .sync(1),
        .edit(1, .content, 915_271), .sync(1), .look(0),
      ]
    ),
    (
      "a plain folder was lost, who put their log back goes back to before they knew it", 11, 3,
      false,
      [
        .backup(1), .sync(2), .edit(1, .add, 1), .sync(1), .edit(1, .star, 2), .sync(1),
        .edit(1, .note, 3), .sync(1), .edit(1, .tag, 4), .sync(1), .edit(1, .tag, 5), .sync(1),
        .sync(0), .rollback, .crashingSync(1, .request(9)), .restore(1), .sync(0),
        .edit(1, .add, 6), .sync(1), .sync(0),
      ]
    ),
  ]

  /// Lives of a seed that once broke a promise, and have no shorter story. They are of a time when
  /// nobody repaired in them.
  static let seeds: [UInt64] = [
    2639, 2916, 3004, 4983, 5620, 6225, 7825, 17120, 30991, 32323, 39120, 49225, 64791, 69862,
    71994, 5_000_058_901, 5_000_136_076, 5_000_198_432,
    5_000_249_765, 5_000_531_028, 9_001_082, 10_000_209_923, 10_000_272_217,
    10_000_341_909, 10_000_585_922, 25_307, 36_000_000_292, 36_000_000_294, 36_000_000_656,
    36_000_000_869, 36_000_001_140, 36_000_001_145, 36_000_001_767, 36_000_002_140, 36_000_002_877,
    36_000_003_260, 36_000_003_334, 36_000_003_788, 37_000_001_155, 37_000_001_239, 40_000_002_519,
    10_000_859_101, 10_000_883_597, 10_000_945_871, 10_000_959_172, 10_001_004_817, 10_001_057_768,
    10_001_371_458, 10_001_556_999, 10_001_642_168,
  ]

  /// And those in which a server lies, or a machine that holds the key.
  static let hostileSeeds: [UInt64] = [
    44, 99, 449, 529, 1284, 1719, 2879, 4499, 6308, 6375, 9987, 12834, 13420, 13505, 16095,
    6_000_002_087, 6_000_013_034, 6_000_045_897, 6_000_059_290, 6_000_059_511, 6_000_065_075,
    6_000_068_330, 6_000_077_865, 6_000_079_529, 6_000_084_823, 6_000_113_137, 6_000_130_954,
    6_000_137_185, 6_000_141_534, 6_000_159_025, 6_000_164_977, 6_000_177_745, 6_000_183_219,
    6_000_260_755,
    7_000_101_986, 7_000_102_001, 71_417_480_969_255, 20_000_008_807, 20_000_072_298,
    20_000_092_888, 20_000_183_730, 20_000_189_567, 20_000_209_666, 20_000_276_042, 20_000_276_675,
    20_000_279_607, 20_000_281_618, 36_000_002_299, 20_000_401_397, 20_000_411_287,
    20_000_417_024, 20_000_471_331, 20_000_598_646, 20_000_743_786,
  ]

  /// And those in which somebody repairs, decides or takes a seal off.
  static let laterSeeds: [UInt64] = [
    9_035,
    55_000_000_356, 55_000_000_737, 55_000_001_201, 55_000_005_010, 55_000_097_676, 55_000_125_877,
    55_000_626_402, 10_001_918_417, 10_002_293_861, 10_002_353_821, 10_002_418_120,
    10_002_489_573, 10_002_499_800, 10_002_567_946, 10_002_580_550, 279_892_528_921_150,
    10_003_095_626, 10_003_116_629, 125_896_713_257_736, 10_003_129_190,
  ]

  /// And of those the ones in which somebody lies.
  static let laterHostileSeeds: [UInt64] = [
    20_002_410_922, 20_002_442_929, 20_002_505_673, 20_001_222_791, 20_001_458_793,
    20_001_479_347, 20_001_493_745,
  ]

  @Test(arguments: [false, true])
  func promisesHoldInLaterSeeds(isHostile: Bool) {
    for seed in isHostile ? Self.laterHostileSeeds : Self.laterSeeds {
      let failures = Simulation(Script(seed: seed, isHostile: isHostile)).run()
      #expect(failures == [], "seed \(seed)")
    }
  }

  @Test(arguments: [false, true])
  func promisesHoldInSeeds(isHostile: Bool) {
    for seed in isHostile ? Self.hostileSeeds : Self.seeds {
      let script = Script(seed: seed, isHostile: isHostile, hasRepairs: false)
      let failures = Simulation(script).run()
      #expect(failures == [], "seed \(seed)")
    }
  }

  @Test(arguments: lives.indices)
  func promisesHold(_ index: Int) {
    let life = Self.lives[index]
    let script = Script(
      seed: life.seed, devices: life.devices, lists: life.lists, steps: life.steps)
    let simulation = Simulation(script)
    simulation.isThorough = true
    let failures = simulation.run()
    #expect(failures == [], "\(life.name)")
  }
}
