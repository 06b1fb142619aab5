import ArgumentParser

@main
struct Shelf: ParsableCommand {
  func run() throws { print("hi") }
}
