package io.supplychain.stream;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What order lines refer to: products, retailers and customers. */
record References(ReferenceIds products, ReferenceIds retailers, ReferenceIds customers) {

  /**
   * Loads the references.
   *
   * @param url of PostgreSQL; the driver finds the password in the file that PGPASSFILE names
   */
  static References load(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      return new References(
          ReferenceIds.load(connection, "SELECT product_id FROM products"),
          ReferenceIds.load(connection, "SELECT retailer_id FROM retailers"),
          ReferenceIds.load(connection, "SELECT customer_id FROM customers"));
    }
  }

  /**
   * Checks what an order line refers to.
   *
   * @throws Rejection for the first reference that does not exist
   */
  void check(OrderLineParser line) throws Rejection {
    require(products, line, Field.PRODUCT_ID, Reason.UNKNOWN_PRODUCT);
    require(retailers, line, Field.RETAILER_ID, Reason.UNKNOWN_RETAILER);
    require(customers, line, Field.CUSTOMER_ID, Reason.UNKNOWN_CUSTOMER);
  }

  private static void require(ReferenceIds ids, OrderLineParser line, Field field, Reason otherwise)
      throws Rejection {
    if (!ids.contains(line.number(field))) {
      throw new Rejection(otherwise, field);
    }
  }
}
