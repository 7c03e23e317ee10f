/// ZIP codes whose first three digits may not stay either.
enum PostalAreas {
  /// Areas of 20,000 people and fewer (164.514(b)(2)(i)(B)): the union of the lists made from the
  /// censuses of 2000 and 2010, so that none is missed. Dated: a later census brings another list.
  static let restricted: Set<Int> = [
    36, 59, 63, 102, 203, 205, 369, 556, 692, 753, 772, 790, 821, 823, 830, 831, 878, 879, 884, 890,
    893,
  ]
}
