import Papers

extension Paper {
  /// When it was published, as a source tells, else the month of its arXiv id; nil where nothing
  /// tells.
  var publication: PublicationDate? {
    guard let month = SubmissionMonth(id) else { return bibliography.published }
    return bibliography.published ?? PublicationDate(year: month.year, month: month.month)
  }
}
