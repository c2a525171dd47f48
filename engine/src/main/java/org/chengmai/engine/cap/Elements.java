package org.chengmai.engine.cap;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Writes XML elements of one name space, one after the other. */
final class Elements {
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter writer;

  Elements(String root, String space) {
    try {
      writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      writer.writeStartDocument("UTF-8", "1.0");
      writer.writeStartElement(root);
      writer.writeDefaultNamespace(space);
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  /** An element with a text; none without one. Characters that XML does not have are left out. */
  Elements add(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return this;
    }
    try {
      writer.writeStartElement(name);
      writer.writeCharacters(
          value.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\uFFFE\uFFFF]", ""));
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return this;
  }

  /** A pair as CAP writes codes and parameters; none without a value. */
  Elements pair(String element, String name, @Nullable String value) {
    return value == null || value.isEmpty()
        ? this
        : open(element).add("valueName", name).add("value", value).close();
  }

  Elements open(String name) {
    try {
      writer.writeStartElement(name);
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return this;
  }

  Elements close() {
    try {
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return this;
  }

  /** The whole document; ends it. */
  String document() {
    try {
      writer.writeEndDocument();
      writer.close();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return text.toString();
  }

  private static ChengmaiException failed(XMLStreamException e) {
    return new ChengmaiException(ErrorCode.INTERNAL, "XML was not written: " + e.getMessage(), e);
  }
}
