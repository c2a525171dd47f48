package org.chengmai.engine.bench;

import java.util.List;
import java.util.Map;

/**
 * The data and the queries of the benchmark City-Fed: TPC-H over two servers {@code a} and {@code
 * b}.
 */
final class CityFed {
  private CityFed() {}

  /** A table, the server that has it, and its columns in the order of TPC-H's lines. */
  record TableSpec(String server, String name, String columns) {}

  /**
   * A query.
   *
   * @param isOrdered whether the order of its rows is part of the answer
   * @param floor by server, what must be read of it at least when nothing is left out by keys
   */
  record Query(String name, String sql, boolean isOrdered, Map<String, List<String>> floor) {
    static Query of(String name, String sql) {
      return new Query(name, sql, sql.contains("order by"), Map.of());
    }

    Query withFloor(String a, String b) {
      return new Query(name, sql, isOrdered, Map.of("a", List.of(a), "b", List.of(b)));
    }
  }

  static final List<TableSpec> TABLES =
      List.of(
          new TableSpec(
              "a",
              "region",
              "r_regionkey bigint not null, r_name varchar(25) not null, r_comment varchar(152)"),
          new TableSpec(
              "a",
              "nation",
              "n_nationkey bigint not null, n_name varchar(25) not null, n_regionkey bigint not null, n_comment varchar(152)"),
          new TableSpec(
              "a",
              "supplier",
              "s_suppkey bigint not null, s_name varchar(25) not null, s_address varchar(40) not null, s_nationkey bigint not null, s_phone varchar(15) not null, s_acctbal numeric(15,2) not null, s_comment varchar(101) not null"),
          new TableSpec(
              "a",
              "part",
              "p_partkey bigint not null, p_name varchar(55) not null, p_mfgr varchar(25) not null, p_brand varchar(10) not null, p_type varchar(25) not null, p_size integer not null, p_container varchar(10) not null, p_retailprice numeric(15,2) not null, p_comment varchar(23) not null"),
          new TableSpec(
              "a",
              "customer",
              "c_custkey bigint not null, c_name varchar(25) not null, c_address varchar(40) not null, c_nationkey bigint not null, c_phone varchar(15) not null, c_acctbal numeric(15,2) not null, c_mktsegment varchar(10) not null, c_comment varchar(117) not null"),
          new TableSpec(
              "b",
              "orders",
              "o_orderkey bigint not null, o_custkey bigint not null, o_orderstatus varchar(1) not null, o_totalprice numeric(15,2) not null, o_orderdate date not null, o_orderpriority varchar(15) not null, o_clerk varchar(15) not null, o_shippriority integer not null, o_comment varchar(79) not null"),
          new TableSpec(
              "b",
              "lineitem",
              "l_orderkey bigint not null, l_partkey bigint not null, l_suppkey bigint not null, l_linenumber integer not null, l_quantity numeric(15,2) not null, l_extendedprice numeric(15,2) not null, l_discount numeric(15,2) not null, l_tax numeric(15,2) not null, l_returnflag varchar(1) not null, l_linestatus varchar(1) not null, l_shipdate date not null, l_commitdate date not null, l_receiptdate date not null, l_shipinstruct varchar(25) not null, l_shipmode varchar(10) not null, l_comment varchar(44) not null"));

  /**
   * A text that means the same and has no plan yet; a comment would not make another text of it.
   */
  static String neverSeen(String sql, int run) {
    return "with run_%d as (select 1) %s".formatted(run, sql);
  }

  /** In the SQL that ours understand; {@code %1$s} and {@code %2$s} are the libraries. */
  static final List<Query> QUERIES =
      List.of(
          Query.of(
              "Q1",
              """
              select l_returnflag, l_linestatus, sum(l_quantity) as q, sum(l_extendedprice) as p, count(*) as n
              from %2$slineitem where l_shipdate <= date '1998-09-02' group by l_returnflag, l_linestatus"""),
          Query.of(
              "Q2",
              """
              select c_name, count(*) as n, sum(o_totalprice) as p
              from %1$scustomer join %2$sorders on c_custkey = o_custkey where c_acctbal > 9990 group by c_name"""),
          Query.of(
                  "Q3m",
                  """
                  select c_mktsegment, o_orderpriority, count(*) as n, sum(o_totalprice) as p
                  from %1$scustomer join %2$sorders on c_custkey = o_custkey group by c_mktsegment, o_orderpriority""")
              .withFloor(
                  "select c_custkey, c_mktsegment from customer",
                  "select o_custkey, o_orderpriority, o_totalprice from orders"),
          Query.of(
                  "Q3",
                  """
                  select p_brand, count(*) as n, sum(l_extendedprice) as p, sum(l_quantity) as q
                  from %1$spart join %2$slineitem on p_partkey = l_partkey group by p_brand""")
              .withFloor(
                  "select p_partkey, p_brand from part",
                  "select l_partkey, l_extendedprice, l_quantity from lineitem"),
          Query.of(
                  "Q4",
                  """
                  select o_orderkey, o_totalprice, c_name, c_phone
                  from %2$sorders join %1$scustomer on o_custkey = c_custkey order by o_totalprice desc, o_orderkey limit 10""")
              .withFloor(
                  "select c_custkey, c_name, c_phone from customer",
                  "select o_orderkey, o_custkey, o_totalprice from orders"),
          Query.of(
              "Q5",
              """
              select c_nationkey, count(*) as n, sum(l_extendedprice) as p
              from %1$scustomer join %2$sorders on c_custkey = o_custkey join %2$slineitem on l_orderkey = o_orderkey
              where o_orderdate >= date '1995-01-01' and o_orderdate < date '1995-04-01' group by c_nationkey"""),
          Query.of(
              "TPC-H Q3",
              """
              select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority
              from %1$scustomer join %2$sorders on c_custkey = o_custkey join %2$slineitem on l_orderkey = o_orderkey
              where c_mktsegment = 'BUILDING' and o_orderdate < date '1995-03-15' and l_shipdate > date '1995-03-15'
              group by l_orderkey, o_orderdate, o_shippriority order by revenue desc, o_orderdate limit 10"""),
          Query.of(
              "TPC-H Q5",
              """
              select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
              from %1$scustomer join %2$sorders on c_custkey = o_custkey join %2$slineitem on l_orderkey = o_orderkey
              join %1$ssupplier on l_suppkey = s_suppkey and c_nationkey = s_nationkey
              join %1$snation on s_nationkey = n_nationkey join %1$sregion on n_regionkey = r_regionkey
              where r_name = 'ASIA' and o_orderdate >= date '1994-01-01' and o_orderdate < date '1995-01-01'
              group by n_name order by revenue desc"""),
          Query.of(
              "TPC-H Q10",
              """
              select c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) as revenue, c_acctbal, n_name, c_address, c_phone, c_comment
              from %1$scustomer join %2$sorders on c_custkey = o_custkey join %2$slineitem on l_orderkey = o_orderkey
              join %1$snation on c_nationkey = n_nationkey
              where o_orderdate >= date '1993-10-01' and o_orderdate < date '1994-01-01' and l_returnflag = 'R'
              group by c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment order by revenue desc limit 20"""));

  /** A query for an engine in which the servers' tables have these prefixes. */
  static String sql(Query query, String a, String b) {
    return query.sql().formatted(a, b);
  }
}
