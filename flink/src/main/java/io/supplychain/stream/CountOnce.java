package io.supplychain.stream;

import static org.apache.flink.table.annotation.ArgumentTrait.PASS_COLUMNS_THROUGH;
import static org.apache.flink.table.annotation.ArgumentTrait.SET_SEMANTIC_TABLE;

import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.ProcessTableFunction;

/**
 * SQL function: tells of every order line whether its {@code order_item_id} was counted before.
 *
 * <p>Its input is partitioned by the block of {@value #BLOCK_SIZE} ids that the line is in. A block remembers its ids as
 * one bit each, so that millions of order lines leave a state of a few megabytes that never needs to expire.
 */
@DataTypeHint(value = "ROW<repeated BOOLEAN NOT NULL>", bridgedTo = RowData.class)
public class CountOnce extends ProcessTableFunction<RowData> {
  /** Ids that share a bit field; {@code id_block} is an id divided by it. */
  static final int BLOCK_SIZE = Long.SIZE;
  private static final int ORDER_ITEM_ID = 0;

  /** The ids of one block that were counted. */
  public static class Counted {
    /** Bit n stands for the id that leaves n when divided by the block's size. */
    public long bits = 0;
  }

  /** Looks one order line up and remembers it. */
  public void eval(
      @StateHint Counted counted,
      // With its type, so that it comes as Flink has it inside: without, every column is converted.
      @ArgumentHint(
              value = {SET_SEMANTIC_TABLE, PASS_COLUMNS_THROUGH},
              type =
                  @DataTypeHint(value = "ROW<" + Columns.READ_MESSAGE + ">", bridgedTo = RowData.class))
          RowData line) {
    long bit = 1L << line.getLong(ORDER_ITEM_ID) % BLOCK_SIZE;
    boolean repeated = (counted.bits & bit) != 0;
    counted.bits |= bit;
    collect(GenericRowData.of(repeated));
  }
}
