import Delivery
import Model
import Testing

@Suite("Environment file")
struct EnvironmentFileTests {
}
