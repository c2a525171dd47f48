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

  private interface Step {
    void take() throws XMLStreamException;
  }

  Elements(String root, String space) {
    try {
      writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    write(
        () -> {
          writer.writeStartDocument("UTF-8", "1.0");
          writer.writeStartElement(root);
          writer.writeDefaultNamespace(space);
        });
  }

  /** An element with a text; none without one. Characters that XML does not have are left out. */
  Elements add(String name, @Nullable String value) {
    return value == null || value.isEmpty()
        ? this
        : open(name)
            .write(
                () ->
                    writer.writeCharacters(
                        value.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\uFFFE\uFFFF]", "")))
            .close();
  }

  /** A pair as CAP writes codes and parameters; none without a value. */
  Elements pair(String element, String name, @Nullable String value) {
    return value == null || value.isEmpty()
        ? this
        : open(element).add("valueName", name).add("value", value).close();
  }

  Elements open(String name) {
    return write(() -> writer.writeStartElement(name));
  }

  Elements close() {
    return write(writer::writeEndElement);
  }

  /** The whole document; ends it. */
  String document() {
    write(writer::writeEndDocument);
    write(writer::close);
    return text.toString();
  }

  private Elements write(Step step) {
    try {
      step.take();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return this;
  }

  private static ChengmaiException failed(XMLStreamException e) {
    return new ChengmaiException(ErrorCode.INTERNAL, "XML was not written: " + e.getMessage(), e);
  }
}
